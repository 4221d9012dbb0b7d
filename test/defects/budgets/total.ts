import { each, inProgram } from '../defect.ts';
import { contractOf } from './contract-of.ts';

/** A budget of tokens that all callers share, and of which nothing shows how much is left. */
export default contractOf({ budget: { max: 2_000, reserves: 130 }, settings: { FOR: 'all' } });

const holds = (name: string, says: string) =>
  each('stress/budgets', 'budget-holds', { [name]: 'budget holds: spent' }, { says });

export const defects = inProgram(
  'budget-service.ts',
  holds('streams-not-charged', 'Streams are not charged'),
  each(
    'stress/budgets',
    'budget-refuses',
    { 'compared-after-the-call': 'refuses what exceeds the budget: spent' },
    { says: 'is called before the budget is compared' },
  ),
  holds('budget-larger-than-promised', 'the service has a larger budget'),
);
