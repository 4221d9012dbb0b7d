import { z } from 'zod';
import { name } from '../../../faults/base/name.ts';

const amount = z.number().positive();

const per = z.union(
  [z.enum(['minute', 'day', 'total']), z.number().positive().max(86_400)],
  'must be minute, day, total, or a number of seconds up to 86400',
);

const tokenPrice = {
  input: z.number().nonnegative().describe('the price of a million input tokens, in the unit of `max`'),
  output: z.number().nonnegative().describe('the price of a million output tokens'),
};

const price = z
  .strictObject({
    ...tokenPrice,
    models: z
      .record(z.string(), z.strictObject(tokenPrice))
      .default({})
      .describe('other prices, by the name of the model in the answers of upstreams'),
  })
  .describe('what tokens cost; required if the budget is of money, and only then');

const count = z
  .union(
    [
      z.strictObject({
        endpoint: z.string().describe('the endpoint that says how much the caller has used'),
        metric: z.string().describe('the beginning of the line of a metric in its answer, with its labels'),
      }),
      z.strictObject({
        endpoint: z.string().describe('the endpoint that says how much the caller has used'),
        field: z.string().min(1).describe('the path of the number in its JSON answer, such as usage.tokens'),
      }),
      z.strictObject({
        sql: z
          .string()
          .min(1)
          .describe("a query of the scenario's database that returns one number, such as a sum over all callers"),
      }),
    ],
    'must be { endpoint, metric }, { endpoint, field } or { sql }',
  )
  .describe(
    "the service's own count of what was used. When all calls have ended, it has grown by what the receipts of the " +
      'upstreams say, to the token; default: not judged',
  );

/** A ceiling of what the calls of a service may use at its upstreams. */
const budget = z.strictObject({
  of: z
    .enum(['tokens', 'money', 'calls'])
    .describe(
      'what is limited: `tokens` (input and output), `money` (see `price`), or `calls` (requests that upstreams served)',
    ),
  max: amount.describe(
    'the ceiling. What upstreams have charged never exceeds it by more than the largest usage of a single call, however ' +
      'many calls are made at once; a profile may have another one',
  ),
  per: per
    .default('total')
    .describe(
      'how long it lasts until it begins anew: `minute`, `day`, a number of seconds, or `total` (never). The end of a day is ' +
        'judged only if `conditions.day-ends` moves it; a profile may have a short one',
    ),
  for: z.enum(['each caller', 'all']).default('all').describe('whether each caller has its own, or all share it'),
  window: z
    .enum(['first-call', 'clock', 'sliding'])
    .default('first-call')
    .describe(
      'when its time begins: with the first call, at multiples of its length since the epoch (`clock`), or with each call ' +
        '(`sliding`). A day begins at midnight UTC',
    ),
  price: price.optional(),
  endpoints: z
    .array(z.string())
    .min(1)
    .optional()
    .describe('the endpoints whose calls it covers; default: all that reach an HTTP upstream'),
  headers: z
    .record(z.string(), z.string())
    .default({})
    .describe(
      'headers that put a request under the budget: one with the budget itself, or the key that has it. Only the scenarios ' +
        'about budgets send them; ${client} is the name of the caller. Default: all requests are under it',
    ),
  refusal: z.int().default(429).describe('the status of a call that it does not allow'),
  reserves: amount
    .optional()
    .describe(
      'what the service reserves for a call until it knows its usage. A call must be served if the rest is at least that; ' +
        'default: half of `max`',
    ),
  cancelled: z
    .enum(['sent', 'estimated'])
    .default('sent')
    .describe(
      'how the count has a stream whose caller leaves: by the tokens that its upstream has `sent`, or `estimated`, which is ' +
        'half to twice as many',
    ),
  count: count.optional(),
  survives: z
    .enum(['SIGTERM', 'SIGKILL'])
    .optional()
    .describe('a used up budget stays used up when the service is restarted after this signal; default: not judged'),
});

/** A budget as it is judged. Its headers may contain a key. */
export const judgedBudget = z.object(budget.omit({ headers: true }).shape);

export const budgets = z
  .record(name, budget)
  .default({})
  .describe('ceilings of tokens, money or calls at upstreams, by name. `stress/budgets` judges them');

/** The numbers of a budget that differ in a profile. */
export const budgetNumbers = z.strictObject({
  max: amount.optional().describe('the ceiling; default: that of the budget'),
  per: per.optional().describe('how long it lasts, usually a few seconds; default: that of the budget'),
});
