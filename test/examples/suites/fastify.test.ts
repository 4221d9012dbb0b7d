import { test } from 'vitest';
import { noRedis, startRedis } from '../../support/redis-server.ts';
import { expectInstalled, expectPass } from './run-suites.ts';

test('the Fastify example passes its suites', async (context) => {
  if (noRedis) context.skip(noRedis);
  expectInstalled();
  await using redis = await startRedis();
  await expectPass('examples/fastify', context, { REDIS_URL: `redis://127.0.0.1:${redis.port}` });
});
