import { z } from 'zod';

/** How requests prove who sends them. */
export const authentication = z
  .strictObject({
    kind: z.literal('bearer-jwt-hs256').describe('a JWT in Authorization: Bearer, with the user in sub'),
    keySetting: z.string().describe('the setting of the service that holds the signing key'),
    validSeconds: z.number().positive().default(300),
  })
  .describe('how requests are authenticated');
