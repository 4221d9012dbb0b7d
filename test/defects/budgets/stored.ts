import { each, inProgram } from '../defect.ts';
import { contractOf } from './contract-of.ts';

/** A budget of money that processes share in a database, also when they are restarted. */
export default contractOf({
  budget: {
    of: 'money',
    max: 0.005,
    price: { input: 1, output: 4 },
    reserves: 0.0005,
    survives: 'SIGKILL',
    count: { sql: 'SELECT used FROM spent' },
  },
  settings: { DATABASE_URL: '${postgres}', OF: 'money', FOR: 'all' },
  conditions: { 'shared-budget-store': {} },
});

export const defects = inProgram(
  'budget-service.ts',
  each('stress/budgets', 'budget-holds', { 'budget-of-each-process': 'budget holds: spent' }, { says: 'Each process' }),
  each('stress/budgets', 'budget-counts', { 'count-overwritten': 'counts a crowd: spent' }, { says: 'overwrite' }),
  each(
    'stress/budgets',
    'budget-survives',
    { 'spent-only-in-memory': 'budget survives SIGKILL: spent' },
    { says: 'only in the memory' },
  ),
  each(
    'stress/budgets',
    'budget-counts',
    { 'price-of-input-for-all': 'counts calls to ask: spent' },
    { says: 'at the price of input tokens' },
  ),
);
