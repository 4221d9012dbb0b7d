import { z } from 'zod';

const forwarded = z
  .strictObject({
    header: z.string().default('X-Forwarded-For'),
    hop: z
      .int()
      .positive()
      .default(1)
      .describe('the position of the client in the header, counted from the end: 1 is the last entry'),
  })
  .describe('by an entry of a header that proxies extend');

const NEW_SPELLING: Readonly<Record<string, string>> = { 'last-forwarded': '{ forwarded: { hop: 1 } }' };

/** How the service distinguishes clients. */
export const client = z
  .union(
    [
      z.enum(['socket', 'key', 'user']),
      z.strictObject({ forwarded }),
      z.strictObject({ header: z.string().describe('a header that only this client sends, such as X-Tenant') }),
    ],
    { error: ({ input }) => spelled(input) },
  )
  .describe(
    'how the service identifies a client: by the address of its socket, its key (authentication: bearer or api-key), ' +
      'its user, an entry of a forwarded header, or any header',
  );

export type Client = z.output<typeof client>;

function spelled(input: unknown): string {
  const allowed = 'socket, key, user, { forwarded: { header, hop } } or { header }';
  const now = typeof input === 'string' ? NEW_SPELLING[input] : undefined;
  return now ? `"${input}" is now written ${now}` : `allowed: ${allowed}`;
}
