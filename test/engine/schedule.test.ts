import { tmpdir } from 'node:os';
import { expect, test } from 'vitest';
import { startTarget } from '../k6-golden/target.mjs';
import { errors, runWarmEngine, script } from './engine-process.ts';

test('sustains 1,000 iterations per second without dropping any', async () => {
  const target = await startTarget();
  const args = ['run', '--quiet', '--log-format', 'json', '-e', `TARGET=${target.url}`, script('arrivals')];
  const result = await runWarmEngine(args, tmpdir()).finally(() => target.close());
  expect(errors(result)).toEqual([]);
  expect(result.exitCode).toBe(0);
});
