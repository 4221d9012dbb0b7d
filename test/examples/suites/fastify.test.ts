import { existsSync } from 'node:fs';
import { expect, test } from 'vitest';
import { noRedis, startRedis } from '../../support/redis-server.ts';
import { expectPass } from './run-suites.ts';

const FOLDER = 'examples/fastify';

test('the Fastify example passes its suites', { timeout: 900_000 }, async ({ skip }) => {
  if (noRedis) skip(noRedis);
  expect(existsSync(`${FOLDER}/node_modules`), 'make examples installs its packages').toBe(true);
  await using redis = await startRedis();
  await expectPass(FOLDER, { REDIS_URL: `redis://127.0.0.1:${redis.port}` });
});
