import { stripVTControlCharacters } from 'node:util';
import { expect, test } from 'vitest';
import { type Bar, progressLines } from '../../../engine/output/progress-lines.ts';

const BARS: readonly Bar[] = [
  { name: 'short', mark: '✓', share: 1, columns: ['4 VUs', '30s', '100/100 iters, 25 per VU'] },
  { name: 'a-scenario-with-a-very-long-name', mark: ' ', share: 0.5, columns: ['07/12 VUs', '2.5s/5s'] },
  { name: 'later', mark: '•', share: 0, columns: ['waiting', '0.5s'] },
];

// k6 v2.2.0 prints the same lines.
test('bars show a percentage if the output is not a terminal', () => {
  expect(progressLines(BARS, { width: undefined, color: false })).toEqual([
    'short                          ✓ [ 100% ] 4 VUs      30s  100/100 iters, 25 per VU',
    'a-scenario-with-a-very-long...   [  50% ] 07/12 VUs  2.5s/5s',
    'later                          • [   0% ] waiting    0.5s',
  ]);
});

test('bars fill a terminal, and no line is wider than it', () => {
  const wide = progressLines(BARS, { width: 150, color: true }).map(stripVTControlCharacters);
  expect(wide[1]).toContain(`[${'='.repeat(18)}>${'-'.repeat(19)}] 07/12 VUs`);
  for (const width of [20, 40, 60, 80, 100, 150]) {
    const lines = progressLines(BARS, { width, color: true }).map(stripVTControlCharacters);
    expect(Math.max(...lines.map((line) => line.length)), `at ${width}`).toBeLessThan(Math.max(width, 22));
  }
  expect(progressLines(BARS, { width: 80, color: false })[0]).toContain('25 per VU');
});
