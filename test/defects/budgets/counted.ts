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

/** What catches a defect, and says the cause. */
const caught = (checker: string, name: string, check: string, says: string) =>
  each('stress/budgets', checker, { [name]: `${check}: spent` }, { says });
const counts = (name: string, what: string, says: string) => caught('budget-counts', name, `counts ${what}`, says);
const spares = (name: string, what: string, says: string) =>
  each('stress/budgets', 'budget-spares', { [name]: `${what} cost nothing: spent, ask` }, { says });

export const defects = inProgram(
  'budget-service.ts',
  each(
    'stress/budgets',
    'budget-holds',
    { 'compared-but-not-reserved': 'budget holds: spent' },
    { says: 'come at once', inTests: true },
  ),
  each(
    'stress/budgets',
    'budget-holds',
    { 'reservations-given-back-twice': 'budget holds: spent' },
    { says: 'gives reservations back twice' },
  ),
  counts('usage-of-streams-not-requested', 'calls to chat', 'Streams are not charged'),
  counts('only-output-counted', 'calls to ask', 'Only output tokens'),
  counts('usage-counted-twice', 'calls to ask', 'added twice'),
  counts('abandoned-streams-not-charged', 'streams of chat whose callers leave', 'which never arrives'),
  counts('fallback-not-charged', 'calls to ask whose first upstream fails', 'of the fallback is not charged'),
  spares('rejected-requests-charged', 'malformed requests', 'before the request is validated'),
  spares('reservations-of-failed-calls-kept', 'failing calls', 'is not given back when the call fails'),
  caught('budget-refuses', 'refused-with-another-status', 'refuses what exceeds the budget', 'another status than 429'),
  caught('budget-callers', 'one-budget-for-all', 'each caller has the budget', 'use up the same budget'),
  caught('budget-ends', 'budget-begins-anew-early', 'budget lasts until its end', 'before its time is over'),
  caught('budget-ends', 'budget-never-begins-anew', 'budget begins anew', 'does not begin anew when'),
);
