import { test } from 'vitest';
import { noRedis, startRedis } from '../../support/redis-server.ts';
import { expectInstalled, expectPass } from './run-suites.ts';

test('the Fastify example passes its suites', async ({ skip }) => {
  if (noRedis) skip(noRedis);
  expectInstalled();
  await using redis = await startRedis();
  await expectPass('examples/fastify', { REDIS_URL: `redis://127.0.0.1:${redis.port}` });
});
