import { expect, test } from 'vitest';
import { endsWhenToldTo } from '../../../../harness/checkers/end/ends-when-told-to.ts';
import { starved, T0 } from '../../../support/history.ts';
import { type Ended, factsOf, HANGING_CALLS, historyOf, serviceEvent, WITHOUT } from './endings.ts';

const judged = (ended: Ended, facts = factsOf()) => endsWhenToldTo.judge(historyOf(ended), facts)[0];
const exits = (after: number, code: number | null, signal: string | null = null): Ended => ({
  exit: { at: T0 + after, code, signal },
});
const HANGING: Ended = { phase: HANGING_CALLS, calls: { hanging: [[1_500, 3_000, 502]] } };

test('an exit within the promised time passes', () => {
  expect(judged({})).toMatchObject({
    check: 'exits on SIGTERM',
    expected: 'it exits within 5 s, with code 0 or 143',
    observed: 'exited with code 0 0.70 s after SIGTERM',
    verdict: 'PASS',
  });
});

test.each<[string, Ended, Parameters<typeof factsOf>[0], string]>([
  ['in time', exits(7_400, 0), {}, 'PASS'],
  ['too late', exits(7_600, 0), {}, 'FAIL'],
  ['as a shell reports the signal', exits(2_100, 143), {}, 'PASS'],
  ['by the signal itself', exits(2_100, null, 'SIGTERM'), {}, 'PASS'],
  ['by the signal itself, instead of with the promised code', exits(2_100, null, 'SIGTERM'), { exitCode: 0 }, 'FAIL'],
  ['with another code', exits(2_100, 1), {}, 'FAIL'],
  ['with a code other than the promised one', exits(2_100, 0), { exitCode: 7 }, 'FAIL'],
  ['with the promised code', exits(2_100, 7), { exitCode: 7 }, 'PASS'],
  ['by another signal', exits(2_100, null, 'SIGABRT'), {}, 'FAIL'],
  ['by force', exits(2_100, null, 'SIGKILL'), {}, 'FAIL'],
  ['never', { exit: null }, {}, 'INCONCLUSIVE'],
  ['without being told to', { signalled: false }, {}, 'INCONCLUSIVE'],
  [
    'before it is told to, and never afterwards',
    { others: [serviceEvent(1_000, 'exited')], exit: null },
    {},
    'INCONCLUSIVE',
  ],
  ['at once', exits(2_000, 0), {}, 'PASS'],
])('a service that ends %s', (_, ended, promised, expected) => {
  expect(judged(ended, factsOf(promised))?.verdict).toBe(expected);
});

test.each([
  [exits(2_100, null, 'SIGQUIT'), 'PASS'],
  [exits(2_100, 131), 'PASS'],
  [exits(2_100, 143), 'FAIL'],
  [exits(2_100, null, 'SIGTERM'), 'FAIL'],
])('a service that is told to end by another signal is judged by it: %j', (ended, verdict) => {
  expect(judged({ ...ended, signal: 'SIGQUIT' }, factsOf({ signal: 'SIGQUIT' }))).toMatchObject({
    check: 'exits on SIGQUIT',
    observed: expect.stringContaining('0.10 s after SIGQUIT'),
    verdict,
  });
});

test('another exit code in time has a cause of its own', () => {
  const cause = { usually: expect.stringContaining('with another code than promised') };
  expect(judged(exits(2_100, 1))).toMatchObject(cause);
  for (const ended of [exits(7_600, 1), exits(2_100, null, 'SIGABRT'), exits(7_600, 0)]) {
    expect(judged(ended)).not.toHaveProperty('usually');
  }
});

test('neither an earlier end nor that of another process counts', () => {
  const earlier = [serviceEvent(-500, 'signalled'), serviceEvent(-400, 'exited')];
  const another = [serviceEvent(1_000, 'signalled', 2), serviceEvent(2_100, 'exited', 2)];
  expect(judged({ others: earlier })?.observed).toBe('exited with code 0 0.70 s after SIGTERM');
  expect(judged({ others: another })?.observed).toBe('exited with code 0 0.70 s after SIGTERM');
  expect(judged({ others: [serviceEvent(0, 'signalled')] })?.observed).toBe('exited with code 0 2.70 s after SIGTERM');
});

test('without a promise, any exit passes that needs no SIGKILL', () => {
  expect(judged(exits(9_000, 1), WITHOUT)).toMatchObject({ expected: 'it exits without SIGKILL', verdict: 'PASS' });
  expect(judged(exits(17_000, null, 'SIGKILL'), WITHOUT)?.verdict).toBe('FAIL');
});

test('if no call was in progress, nothing is proved', () => {
  expect(judged({ phase: HANGING_CALLS })?.verdict).toBe('INCONCLUSIVE');
  const hanging = (sent: number, ms: number) => judged({ ...HANGING, calls: { hanging: [[sent, ms, 502]] } })?.verdict;
  expect(hanging(1_901, 3_000)).toBe('INCONCLUSIVE');
  expect(hanging(1_900, 3_000)).toBe('PASS');
  expect(hanging(1_500, 500)).toBe('INCONCLUSIVE');
  expect(hanging(1_500, 501)).toBe('PASS');
  expect(judged({ ...HANGING, calls: { load: [[1_500, 3_000, 502]] } })?.verdict).toBe('INCONCLUSIVE');
});

test('a machine that keeps the service waiting excuses a delay of that length', () => {
  const history = historyOf(exits(7_600, 0));
  for (const event of [starved('service', 0, 1, 0), starved('service', 3_000, 4_000, 300)]) history.add(event);
  expect(endsWhenToldTo.judge(history, factsOf())[0]?.verdict).toBe('INCONCLUSIVE');
});
