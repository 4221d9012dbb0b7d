import { expect, test } from 'vitest';
import { contractSchema } from '../../../harness/contract/contract.ts';
import { usesPostgres } from '../../../harness/contract/uses-postgres.ts';
import reference from '../../../service/proofload.config.ts';

const plain = contractSchema.parse({
  name: 'plain',
  start: { command: ['node', 'server.js'], readyPath: '/health', readySeconds: 20 },
  endpoints: { health: { method: 'GET', path: '/health', served: [200] } },
  profiles: { fast: {} },
});

test('a service without pool, ledger and ${postgres} uses no PostgreSQL', () => {
  expect(usesPostgres(plain)).toBe(false);
  expect(usesPostgres({ ...plain, environment: { NOTE: 'postgres://elsewhere', PORT: '${port} $${postgres}' } })).toBe(
    false,
  );
});

test.each([
  ['a setting', { environment: { URL: '${postgres}?x=1' } }],
  ['a condition', { conditions: { tls: { URL: '${postgres.tls}' } } }],
  ['the command', { start: { ...plain.start, command: ['./run', '${postgres}'] } }],
  [
    'a profile',
    {
      profiles: {
        fast: { limits: {}, requestsInProgress: {}, budgets: {}, breakers: {}, environment: { CA: '${postgres.ca}' } },
      },
    },
  ],
  ['the command that creates its tables', { database: { migrate: ['migrate'], migrateSeconds: 1 } }],
  ['a pool', { pool: { table: 't', endpoint: 'health', refusal: 503, retryAfter: false } }],
])('a service with it in %s does', (_, change) => {
  expect(usesPostgres({ ...plain, ...change })).toBe(true);
});

test('the reference service does', () => {
  expect(usesPostgres(contractSchema.parse(reference))).toBe(true);
});
