import { z } from 'zod';

const forwarded = z
  .strictObject({
    header: z.string().default('X-Forwarded-For').describe('the header, such as Forwarded'),
    hop: z
      .int()
      .positive()
      .default(1)
      .describe(
        'the position of the client in the header, counted from the end: 1 is the last entry, 2 the one before',
      ),
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
    'how the service identifies a client, for which limits count. Scenarios create new clients in this way, ' +
      'and forge all other ways. `socket`: the address of the peer. `key`: its key or token (authentication: ' +
      'bearer or api-key), of which the setting must contain two for each limit. `user`: its user; with JWTs, ' +
      'write `user-${client}`. Or an entry of a forwarded header, or any header: requests without it, or with an ' +
      'empty one, must be refused, or limited together',
  );

export type Client = z.output<typeof client>;

function spelled(input: unknown): string {
  const allowed = 'socket, key, user, { forwarded: { header, hop } } or { header }';
  const now = typeof input === 'string' ? NEW_SPELLING[input] : undefined;
  return now ? `"${input}" is now written ${now}` : `allowed: ${allowed}`;
}
