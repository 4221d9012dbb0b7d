import { z } from 'zod';

/** A table that shows whether acknowledged data was stored. */
export const ledger = z
  .strictObject({
    endpoint: z.string().describe('an endpoint that stores exactly one row for each request'),
    table: z.string().describe('the table with the rows'),
    column: z.string().describe('the column that identifies the row of a request'),
    key: z
      .string()
      .includes('${unique}')
      .describe('the value of that column for a request, with the same ${unique} as in the request'),
    acknowledged: z.array(z.int()).min(1).describe('statuses that acknowledge that the row is stored'),
    answer: z
      .string()
      .optional()
      .describe(
        'the column with the answer of the upstream that the caller of the endpoint got, such as `text`: ' +
          '`chaos/answers` compares both; default: not judged',
      ),
  })
  .describe(
    'a table that shows whether acknowledged data is kept: acknowledged rows survive SIGTERM, SIGKILL and a ' +
      'crash of the database, and no row is stored twice if the reply to its commit is lost. Endpoints (GET) ' +
      'whose path or query has the key show a stored row',
  );

/** A load that exceeds what the service can serve. */
export const capacity = z
  .strictObject({
    endpoint: z.string().describe('the endpoint under load'),
    refusal: z.int().describe('the status of a request beyond the capacity'),
  })
  .describe('how the service behaves under a load beyond its capacity; the numbers are in `profiles.NAME.capacity`');

/** A moment in which no process of the service runs, as on a busy machine or while a virtual machine is moved. */
export const frozen = z
  .strictObject({
    seconds: z
      .number()
      .min(1)
      .max(60)
      .describe(
        'how long all processes of the service are stopped. Without timeouts of upstream calls in the contract, ' +
          'this must be longer than the timeouts of the service',
      ),
  })
  .describe(
    'the service may be stopped for a moment: calls in progress are served afterwards if their upstreams have answered ' +
      'in the meantime, and no breaker counts a failure',
  );

/** A metric that the service exposes. */
export const gauge = z.strictObject({
  endpoint: z.string().describe('the endpoint that returns the metric'),
  metric: z.string().describe('the name of the metric in the response'),
});
