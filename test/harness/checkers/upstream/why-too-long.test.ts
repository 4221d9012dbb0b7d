import { expect, test } from 'vitest';
import { whyTooLong } from '../../../../harness/checkers/upstream/why-too-long.ts';
import { receipt } from '../../../support/history.ts';

const hung = (ms: number) => receipt(1, 0, ms, 'llm', ['f1:mix/latency']);
const dripped = (ms: number) => receipt(2, 0, ms, 'llm', ['f2:drip']);
const why = (slow: ReturnType<typeof hung>[], requests = 1) =>
  whyTooLong(slow, { upstream: 'llm', calls: 1, requests, latestMs: 2_000 });

test('a timeout that ends only requests without an answer does not cover the whole call', () => {
  expect(why([hung(1_500), dripped(8_000)])).toMatch(
    /^The timeout covers only the headers, or restarts with each read/,
  );
  expect(why([hung(1_500), { ...dripped(0), endedAt: null }])).toMatch(/^The timeout covers only the headers/);
  expect(why([dripped(8_000)])).toBeUndefined();
});

test('requests without an answer that are never given up in time have no timeout', () => {
  for (const slow of [[hung(9_000), dripped(8_000)], [hung(9_000)]])
    expect(why(slow)).toMatch(/^The calls to llm have no timeout, or a longer one/);
});

test('requests that end in time are too many for one call', () => {
  expect(why([hung(1_500), hung(1_500)], 2)).toBe(
    'Retries multiply the timeout: 1 call made 2 requests to llm, and each of them ended in time.',
  );
  expect(why([hung(1_500), hung(9_000)], 2)).toBeUndefined();
});
