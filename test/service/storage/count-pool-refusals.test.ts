import { expect, test } from 'vitest';
import { ServiceError } from '../../../service/base/errors.ts';
import { createMetrics } from '../../../service/observability/metrics.ts';
import { countPoolRefusals } from '../../../service/storage/count-pool-refusals.ts';
import type { Database } from '../../../service/storage/pool.ts';

test('counts rejections by the pool, but no other errors', async () => {
  const metrics = createMetrics();
  let failure: ServiceError | undefined;
  const plain: Pick<Database, 'query'> = { query: async () => (failure ? Promise.reject(failure) : []) };
  const database = countPoolRefusals(metrics, plain as Database);
  const refusals = async () => (await metrics.poolRefusals.get()).values[0]?.value;
  expect(await database.query('SELECT 1', [])).toEqual([]);
  failure = new ServiceError('database_unavailable', 'gone');
  await expect(database.query('SELECT 1', [])).rejects.toBe(failure);
  expect(await refusals()).toBe(0);
  failure = new ServiceError('database_pool_exhausted', 'full');
  await expect(database.query('SELECT 1', [])).rejects.toBe(failure);
  expect(await refusals()).toBe(1);
});
