import { expect, test } from 'vitest';
import { onlyNoise } from './suites/run-suites.ts';

/** The output of a run with one scenario that is INCONCLUSIVE because of these checks. */
const output = (...checks: [name: string, evidence: string][]) =>
  [
    'PASS          stress/smoke                 1.4 s  29 checks',
    'INCONCLUSIVE  chaos/retry-amplification   55.2 s  170 checks',
    '  note: measured again',
    ...checks.flatMap(([name, evidence]) => [
      `  INCONCLUSIVE  ${name}`,
      '    observed: little',
      `        - ${evidence}`,
    ]),
    '',
    'INCONCLUSIVE: 2 of 2 scenarios judged, 199 checks: 1 inconclusive',
  ].join('\n');

const NOISE = 'measured a spread of 83 ms minus 50 ms of machine noise: 33 ms';

test.each([
  ['of the noise', output(['waits differ', NOISE]), 'waits differ'],
  ['of noise twice', output(['waits differ', NOISE], ['in time', NOISE]), 'waits differ; in time'],
  ['of something else', output(['waits differ', 'no volley']), undefined],
  ['also of something else', output(['waits differ', NOISE], ['in time', 'no call']), undefined],
  ['it was not set up', output(), undefined],
  ['of nothing', 'PASS          stress/smoke  1.4 s', undefined],
])('a run is undecided because %s', (_, text, checks) => {
  expect(onlyNoise(text)).toBe(checks);
});
