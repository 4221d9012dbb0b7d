import { z } from 'zod';

/** A table that shows whether acknowledged data was stored. */
export const ledger = z
  .strictObject({
    endpoint: z.string().describe('an endpoint that stores a row for each request'),
    table: z.string(),
    column: z.string().describe('the column that identifies the row of a request'),
    key: z
      .string()
      .includes('${unique}')
      .describe('the value of that column for a request, with the same ${unique} as in the request'),
    acknowledged: z.array(z.int()).min(1).describe('statuses that acknowledge that the row is stored'),
  })
  .describe('a table that shows whether acknowledged data is kept');

/** A load that exceeds what the service can serve. */
export const capacity = z
  .strictObject({
    endpoint: z.string().describe('the endpoint under load'),
    refusal: z.int().describe('the status of a request beyond the capacity'),
  })
  .describe('how the service behaves under a load beyond its capacity');

/** A metric that the service exposes. */
export const gauge = z.strictObject({
  endpoint: z.string(),
  metric: z.string().describe('the name of the metric in the response'),
});
