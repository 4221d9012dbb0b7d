import { expect, test } from 'vitest';
import { abandonedCallsEnd } from '../../../../harness/checkers/upstream/abandoned-calls-end.ts';
import type { HistoryEvent } from '../../../../harness/history/events.ts';
import { History } from '../../../../harness/history/history.ts';
import { STRAY, starved } from '../../../support/history.ts';
import { factsOf, factsWithFallback, history, type Left } from './leavers.ts';

const judged = (left: Left, given = factsOf()) =>
  abandonedCallsEnd.judge(new History([...history(left), STRAY]), given)[0];

test('calls that end soon after their callers have left pass', () => {
  expect(judged({})).toMatchObject({
    check: 'ends calls of callers who left: ask at llm',
    requests: [{ phase: '1' }],
    observed: '20 calls, the last of which ended 0.01 s later',
    verdict: 'PASS',
  });
  expect(judged({ ended: Array(20).fill(2_060) })?.verdict).toBe('PASS');
});

test('calls that go on fail', () => {
  expect(judged({ ended: [...Array(17).fill(1_010), null, null, null] })).toMatchObject({
    observed: '3 of 20 calls did not end',
    verdict: 'FAIL',
  });
  expect(judged({ ended: [...Array(19).fill(1_010), 2_400] })).toMatchObject({
    observed: '20 calls, the last of which ended 1.40 s later',
    verdict: 'FAIL',
  });
  expect(judged({ ended: Array(20).fill(2_061) })?.verdict).toBe('FAIL');
  expect(judged({ ended: Array(20).fill(2_400), kept: 2_400 })?.verdict).toBe('FAIL');
});

test('a call that begins after the caller has left fails, such as a retry', () => {
  expect(judged({ begun: [1_200, 1_300] })).toMatchObject({
    observed: '20 calls, the last of which ended 0.01 s later; 2 calls began afterwards and did not end in time',
    verdict: 'FAIL',
  });
  // They take 5 ms.
  expect(judged({ begun: [5, 1_055] })?.verdict).toBe('PASS');
  expect(judged({ begun: [1_056] })?.verdict).toBe('FAIL');
  // It begins when the callers leave.
  expect(judged({ begun: [0] })?.observed).toMatch(/^20 calls, /);
});

test('a call that moves on to the next upstream of a fallback fails', () => {
  const given = factsWithFallback();
  expect(judged({ moved: [5, 8] }, given)).toMatchObject({
    observed: '20 calls, the last of which ended 0.01 s later; 2 calls moved on to backup',
    verdict: 'FAIL',
  });
  expect(judged({ moved: [-10] }, given)?.verdict).toBe('FAIL');
  expect(judged({}, given)?.verdict).toBe('PASS');
});

test('calls of other upstreams, or before a caller has left, are no fallback', () => {
  expect(judged({ moved: [-11] }, factsWithFallback())?.verdict).toBe('PASS');
  expect(judged({ moved: [5] })?.verdict).toBe('PASS');
  expect(judged({ moved: [5] }, factsWithFallback(['backup', 'llm', 'spare']))?.verdict).toBe('PASS');
  expect(judged({ moved: [5] }, factsWithFallback(['spare', 'backup']))?.verdict).toBe('PASS');
});

test('callers who waited for a turn may have been moved on by a timeout of their wait', () => {
  const given = factsWithFallback();
  expect(judged({ moved: [5, 8], waiting: 2 }, given)).toMatchObject({
    verdict: 'INCONCLUSIVE',
    evidence: ['2 callers had no call to llm: a timeout of their wait may have ended it'],
  });
  expect(judged({ moved: [5, 8, 9], waiting: 2 }, given)?.verdict).toBe('FAIL');
  expect(judged({ waiting: 2 }, given)?.verdict).toBe('PASS');
});

test('a fallback proves nothing if the timeout of the service may have ended the call when its caller left', () => {
  expect(judged({ moved: [5], kept: 1_050 }, factsWithFallback())?.verdict).toBe('INCONCLUSIVE');
  expect(judged({ moved: [60], kept: 1_050 }, factsWithFallback())?.verdict).toBe('INCONCLUSIVE');
});

test('a fallback after the callers have left fails, however short the timeout of the service is', () => {
  expect(judged({ moved: [61], kept: 1_050 }, factsWithFallback())).toMatchObject({
    observed: '20 calls, the last of which ended 0.01 s later; 1 call moved on to backup',
    verdict: 'FAIL',
  });
  expect(judged({ moved: [61], waiting: 1, kept: 1_050 }, factsWithFallback())?.verdict).toBe('INCONCLUSIVE');
});

/** The same history, but the calls of callers who left ended because the upstream was healed. */
const healed = (left: Left): HistoryEvent[] =>
  history(left).map((event) =>
    event.type === 'receipt' && event.kind === 'request' ? { ...event, outcome: 'answered' } : event,
  );

test('calls that end because the upstream is healed have not ended', () => {
  const given = { ...factsOf(), noise: { timerLateMs: 500, loopbackMs: 0, stolenShare: 0 } };
  const judgedAt = (ms: number) =>
    abandonedCallsEnd.judge(new History(healed({ ended: Array(20).fill(1_000 + ms) })), given)[0];
  expect(judgedAt(1_561)).toMatchObject({
    observed: '20 of 20 calls did not end',
    verdict: 'FAIL',
    evidence: ['in progress until the upstream was healed, 1.56 s after their callers left; machine noise: 500 ms'],
  });
  expect(judgedAt(1_560)?.verdict).toBe('INCONCLUSIVE');
  // They were not seen for long enough.
  expect(judgedAt(900)).toMatchObject({ observed: '20 of 20 calls did not end', verdict: 'INCONCLUSIVE' });
});

test('if the call of a caller who stays ends just as soon, nothing is proved', () => {
  expect(judged({ kept: 1_050 })).toMatchObject({
    verdict: 'INCONCLUSIVE',
    evidence: ['the call of a caller who stayed ended after 1.05 s: the timeout of the service is too short to tell'],
  });
  expect(judged({ kept: null })?.verdict).toBe('PASS');
  expect(judged({ kept: 2_200, ended: [...Array(19).fill(1_010), 2_000] })?.verdict).toBe('INCONCLUSIVE');
  expect(judged({ kept: 2_201, ended: [...Array(19).fill(1_010), 2_000] })?.verdict).toBe('PASS');
  const [, , ...withoutStay] = history({});
  expect(abandonedCallsEnd.judge(new History(withoutStay), factsOf())[0]).toMatchObject({ verdict: 'INCONCLUSIVE' });
});

test.each<[string, Left]>([
  ['no call reached the upstream', { ended: [] }],
  ['all calls had ended before', { ended: Array(20).fill(400) }],
])('too little to judge: %s', (_, left) => {
  expect(judged(left)).toMatchObject({ observed: 'no caller left during a call to llm', verdict: 'INCONCLUSIVE' });
});

test('a machine that keeps the service waiting excuses a delay of that length', () => {
  const late = history({ ended: Array(20).fill(2_200) });
  const waiting = [starved('service', 0, 1, 0), starved('service', 11_000, 12_000, 300)];
  expect(abandonedCallsEnd.judge(new History([...late, ...waiting]), factsOf())[0]?.verdict).toBe('INCONCLUSIVE');
  const begun = [...history({ begun: [1_300] }), ...waiting];
  expect(abandonedCallsEnd.judge(new History(begun), factsOf())[0]?.verdict).toBe('PASS');
});
