import { upstreamsOf } from '../budgets.ts';
import { usesPostgres } from '../uses-postgres.ts';
import { missing, type Rule, rule } from './rule.ts';

/** Finds budgets that can't be judged as they are written. */
export const budgetRules: readonly Rule[] = [
  rule({ at: 'profiles.*.budgets.*', message: ({ key, contract }) => missing(key, contract.budgets) }),
  rule({
    at: 'budgets.*',
    when: ({ value }) => (value.of === 'money') !== (value.price !== undefined),
    message: ({ value }) =>
      value.of === 'money'
        ? 'a budget of money needs the price of tokens: price: { input: 0.15, output: 0.6 }'
        : `a budget of ${value.of} has no price; remove \`price\`, or write of: money`,
  }),
  rule({
    at: ['budgets.*.max', 'profiles.*.budgets.*.max'],
    when: ({ value, path, contract }) => !Number.isInteger(value) && contract.budgets[nameIn(path)]?.of !== 'money',
    message: ({ value, path, contract }) =>
      `must be a whole number of ${contract.budgets[nameIn(path)]?.of ?? 'tokens'}; it is ${value}`,
  }),
  rule({
    at: 'budgets.*.endpoints.*',
    message: ({ value, contract }) =>
      missing(value, contract.endpoints) ??
      (upstreamsOf(contract, value).length === 0
        ? `${value} reaches no HTTP upstream; list one in \`reaches\``
        : undefined),
  }),
  rule({
    at: 'budgets.*',
    when: ({ contract }) =>
      contract.start.running === undefined &&
      Object.keys(contract.endpoints).every((endpoint) => upstreamsOf(contract, endpoint).length === 0),
    message: 'no endpoint reaches an HTTP upstream, so nothing can be used; list one in `reaches`',
  }),
  rule({
    at: 'budgets.*.count',
    message: ({ value, contract }) =>
      'endpoint' in value
        ? missing(value.endpoint, contract.endpoints)
        : usesPostgres(contract)
          ? undefined
          : 'the service does not use the database of the lab; give it ${postgres} in environment',
  }),
];

const nameIn = (path: readonly PropertyKey[]): string => String(path.at(-2));
