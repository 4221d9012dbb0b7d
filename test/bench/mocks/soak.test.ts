import { expect, test } from 'vitest';
import type { Usage } from '../../../bench/mocks/probe.ts';
import { judgeSoak } from '../../../bench/mocks/soak.ts';

const HELD = { cpuMs: 0, at: 0, heapBytes: 30e6, rssBytes: 150e6, sockets: 0, files: 27 };
const MEASURED = { wanted: 1000, count: { requests: 1000, open: 0 }, fault: { seen: 1000, disrupted: 700 } };

/** Returns the verdicts on memory, sockets and counts for the given usage after each of ten stages. */
function verdicts(stage: (n: number) => Partial<Usage>, changed: Partial<typeof MEASURED> = {}) {
  const usages = Array.from({ length: 11 }, (_, n) => ({ ...HELD, ...stage(n) }));
  return judgeSoak(usages, { ...MEASURED, ...changed }).map(({ verdict }) => verdict);
}

test('growth during the warm-up is allowed', () => {
  expect(verdicts((n) => ({ heapBytes: n < 2 ? 20e6 : 30e6 }))).toEqual(['PASS', 'PASS', 'PASS']);
});

test.each([
  ['heap', (n: number) => ({ heapBytes: 30e6 + n * 0.5e6 }), ['FAIL', 'PASS', 'PASS']],
  ['resident memory', (n: number) => ({ rssBytes: 150e6 + n * 10e6 }), ['FAIL', 'PASS', 'PASS']],
  ['sockets', (n: number) => ({ sockets: n === 10 ? 1 : 0 }), ['PASS', 'FAIL', 'PASS']],
  ['files', (n: number) => ({ files: 27 + n }), ['PASS', 'FAIL', 'PASS']],
])('growth in %s fails', (_what, stage, wanted) => {
  expect(verdicts(stage)).toEqual(wanted);
});

test('an open receipt or an extra disrupted request fails the soak', () => {
  expect(verdicts(() => ({}), { count: { requests: 1000, open: 1 } })).toEqual(['PASS', 'FAIL', 'PASS']);
  expect(verdicts(() => ({}), { fault: { seen: 1000, disrupted: 701 } })).toEqual(['PASS', 'PASS', 'FAIL']);
});

test('fewer requests than planned make the result INCONCLUSIVE', () => {
  expect(verdicts(() => ({}), { wanted: 2000 })).toEqual(Array(3).fill('INCONCLUSIVE'));
});
