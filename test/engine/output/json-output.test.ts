import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { MetricRegistry } from '../../../engine/metrics/registry.ts';
import { formatTime, openJsonOutput } from '../../../engine/output/json-output.ts';
import { ThresholdSet } from '../../../engine/thresholds/threshold-set.ts';

test('formats a time with microseconds', () => {
  expect(formatTime(1_700_000_000_123.25)).toBe('2023-11-14T22:13:20.123250Z');
  expect(formatTime(1_700_000_000_999.9998)).toBe('2023-11-14T22:13:21.000000Z');
});

test("names a metric's thresholds, and logs an error instead of writing an infinite value", async () => {
  const folder = await mkdtemp(join(tmpdir(), 'json-output-'));
  const registry = new MetricRegistry();
  const metric = registry.declare('mine', 'counter');
  const mine = [
    { expression: 'count>0', abortOnFail: false, delayAbortEval: 0 },
    { expression: 'rate>0', abortOnFail: true, delayAbortEval: 5_000 },
  ];
  const errors: string[] = [];
  const logger = { log: (_: string, message: string) => void errors.push(message) };
  const output = openJsonOutput(join(folder, 'samples'), new ThresholdSet({ mine }, registry), logger);
  for (const value of [Number.POSITIVE_INFINITY, 1])
    output.add({ metric, time: 0, value, tags: {}, metadata: undefined });
  await output.close();
  const lines = (await readFile(join(folder, 'samples'), 'utf8')).trim().split('\n');
  await rm(folder, { recursive: true });
  expect(lines.map((line) => JSON.parse(line).data.thresholds ?? JSON.parse(line).data.value)).toEqual([
    ['count>0', { threshold: 'rate>0', abortOnFail: true, delayAbortEval: '5s' }],
    1,
  ]);
  expect(errors).toEqual([expect.stringContaining('1 samples were not written')]);
});
