import { expect, test } from 'vitest';
import { whyAgain } from '../../../harness/run/measure-again.ts';
import { finding, scenarioResult } from '../../support/run-result.ts';

const unsure = finding('refuses at once', 'INCONCLUSIVE', { observed: 'median 60 ms' });
const passed = finding('opens', 'PASS');

test.each([
  ['passed', [passed], {}],
  ['failed in another check', [unsure, finding('opens', 'FAIL')], {}],
  ['could not be set up', [unsure], { notRun: 'SERVICE_NOT_READY' }],
  ['would prove no more', [unsure, finding('a', 'INCONCLUSIVE', { lasting: true })], {}],
])('a scenario that %s is not measured again', (_, findings, more) => {
  expect(whyAgain(scenarioResult('chaos/a', findings, more))).toBeUndefined();
});

test('a scenario that proved nothing is measured again, and the reason is the first check that follows from no other', () => {
  const follower = finding('closes', 'INCONCLUSIVE', { follows: 'refuses at once' });
  expect(whyAgain(scenarioResult('chaos/a', [passed, follower, unsure]))).toBe('refuses at once: median 60 ms');
});
