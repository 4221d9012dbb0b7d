import { each, inProgram } from '../defect.ts';
import { contractOf } from './contract-of.ts';

/** A budget of tokens for each caller, which begins anew after some seconds, and whose count an endpoint shows. */
export default contractOf({
  budget: {
    max: 1_000,
    per: 6,
    for: 'each caller',
    reserves: 130,
    count: { endpoint: 'usage', metric: 'spent_total{team="x"}' },
  },
  settings: { SECONDS: '6' },
});

const SCENARIO = 'stress/budgets';
const counts = (name: string, what: string, says: string) =>
  each(SCENARIO, 'budget-counts', { [name]: `counts ${what}: spent` }, { says });
const spares = (name: string, what: string) =>
  each(SCENARIO, 'budget-spares', { [name]: `${what} cost nothing: spent, ask` });

export const defects = inProgram(
  'budget-service.ts',
  each(
    SCENARIO,
    'budget-holds',
    { 'compared-but-not-reserved': 'budget holds: spent' },
    { says: 'come at once', inTests: true },
  ),
  counts('usage-of-streams-not-requested', 'calls to chat', 'Streams are not charged'),
  counts('only-output-counted', 'calls to ask', 'Only output tokens'),
  counts('usage-counted-twice', 'calls to ask', 'added twice'),
  counts('abandoned-streams-not-charged', 'streams of chat whose callers leave', 'which never arrives'),
  counts('fallback-not-charged', 'calls to ask whose first upstream fails', 'of the fallback is not charged'),
  spares('rejected-requests-charged', 'malformed requests'),
  spares('reservations-of-failed-calls-kept', 'failing calls'),
  each(SCENARIO, 'budget-refuses', {
    'refused-with-another-status': 'refuses what exceeds the budget: spent',
  }),
  each(SCENARIO, 'budget-callers', { 'one-budget-for-all': 'each caller has the budget: spent' }),
  each(SCENARIO, 'budget-ends', {
    'budget-begins-anew-early': 'budget lasts until its end: spent',
    'budget-never-begins-anew': 'budget begins anew: spent',
  }),
);
