import { each, inProgram } from '../defect.ts';
import { contractOf } from './contract-of.ts';

/** A budget of calls for a day, whose clock a setting moves. */
export default contractOf({
  budget: { of: 'calls', max: 40, per: 'day', window: 'clock', reserves: 1 },
  settings: { OF: 'calls', FOR: 'all', SECONDS: 'day' },
  conditions: { 'day-ends': { CLOCK_OFFSET: '${day.offset}' } },
});

export const defects = inProgram(
  'budget-service.ts',
  each(
    'stress/budget-day',
    'budget-ends',
    { 'day-never-ends': 'budget begins anew: spent' },
    { says: 'does not begin anew when' },
  ),
  each(
    'stress/budget-day',
    'budget-ends',
    { 'day-of-a-second': 'budget lasts until its end: spent' },
    { says: 'before its time is over' },
  ),
);
