import { expect, test } from 'vitest';
import { faultsAnswered } from '../../../../harness/checkers/upstream/faults-answered.ts';
import type { HistoryEvent } from '../../../../harness/history/events.ts';
import { History } from '../../../../harness/history/history.ts';
import { type Failing, factsWith, failingHistory, GIVEN_UP } from '../../../support/failing.ts';
import { begun, facts, metric, receipt, request, starved, T0 } from '../../../support/history.ts';

const judged = (seen: Failing, changed: Parameters<typeof factsWith>[0] = {}) =>
  faultsAnswered.judge(new History(failingHistory(seen)), factsWith(changed))[0];

const REPORTED = [metric('errors_in_streams', 60, 1, { phase: '1' })];
const CUT = { error: 'unexpected EOF', error_code: '1000' };
const ANSWERS = [502, { answer: 502, withinSeconds: 1 }] as const;

test.each(ANSWERS)('a promised status is the only answer that passes: %j', (promise) => {
  const onFault = { 'plain-500': promise };
  expect(judged({ status: 502 }, { onFault })).toMatchObject({
    check: 'answer to plain-500: groq, conversation-end',
    requests: [{ phase: '1', about: 'failing' }],
    expected: '502',
    observed: 'the caller got 502',
    verdict: 'PASS',
    evidence: ['the fault acted on 1 request to groq'],
  });
  expect(judged({ status: 500 }, { onFault })).toMatchObject({
    observed: 'the caller got 500',
    verdict: 'FAIL',
    usually: expect.stringMatching(/^The failure is not handled: it becomes an internal error/),
  });
  expect(judged({ status: 503 }, { onFault })).not.toHaveProperty('usually');
  expect(judged({ status: 201 }, { onFault })).toMatchObject({
    observed: 'the caller got 201 for a call that failed',
    verdict: 'FAIL',
  });
  expect(judged({ status: 0, tags: CUT }, { onFault })?.verdict).toBe('FAIL');
});

test('a slow answer that is served was waited for, and not mistaken', () => {
  const given = { onFault: { drip: 504 as const, 'plain-500': 502 as const } };
  const served = (fault: string) => judged({ fault, status: 201 }, given);
  expect(served('drip')?.usually).toMatch(/^The call waited until the slow answer was complete/);
  expect(served('plain-500')).not.toHaveProperty('usually');
});

test.each<[string, Failing, string]>([
  ['a status that is not served', { status: 404 }, 'PASS'],
  ['an answer that is cut off', { status: 0, tags: CUT }, 'PASS'],
  ['a stream with an event about the error', { status: 201, more: REPORTED }, 'PASS'],
  ['a success', { status: 201 }, 'FAIL'],
])('where an error is promised, %s gives %3$s', (_, seen, verdict) => {
  expect(judged(seen, { onFault: { 'plain-500': 'error' } })).toMatchObject({ expected: 'an error', verdict });
});

test.each<[string, Failing, string]>([
  ['a success', { status: 201 }, 'PASS'],
  ['an error', { status: 502 }, 'FAIL'],
  ['a stream with an event about an error', { status: 201, more: REPORTED }, 'FAIL'],
])('where a success is promised in spite of the fault, %s gives %3$s', (_, seen, verdict) => {
  expect(judged(seen, { onFault: { 'plain-500': 'served' } })).toMatchObject({ expected: 'served', verdict });
});

test.each<[string, Failing, string]>([
  ['any status that is not served', { status: 503 }, 'PASS'],
  ['a success', { status: 201 }, 'FAIL'],
  ['an answer that is cut off', { status: 0, tags: CUT }, 'FAIL'],
  ['a stream with an event about the error', { status: 201, more: REPORTED }, 'PASS'],
])('without a promise for the fault, %s gives %3$s', (_, seen, verdict) => {
  expect(judged(seen)).toMatchObject({ expected: 'an answer that is not a success', verdict });
});

test('a call without an answer is left to the check of its time', () => {
  const seen = { status: 0, ms: 9_000, tags: GIVEN_UP };
  const unanswered = { observed: 'no answer within 9.0 s', verdict: 'INCONCLUSIVE' };
  expect(judged(seen)).toMatchObject(unanswered);
  expect(judged(seen, { onFault: { 'plain-500': 'error' } })).toMatchObject(unanswered);
  expect(judged({ ...seen, status: 201 })?.verdict).toBe('FAIL');
});

test('an endpoint may be served without an upstream that the contract calls optional', () => {
  const onFault = { 'plain-500': 502 };
  const servedWithout = ['groq'];
  expect(judged({ status: 201 }, { servedWithout })?.verdict).toBe('PASS');
  expect(judged({ status: 502 }, { servedWithout })).toMatchObject({ expected: 'served', verdict: 'FAIL' });
  expect(judged({ status: 201 }, { servedWithout, onFault })).toMatchObject({
    expected: 'served, or 502',
    verdict: 'PASS',
  });
  expect(judged({ status: 502 }, { servedWithout, onFault })?.verdict).toBe('PASS');
  expect(judged({}, { servedWithout, onFault: { 'plain-500': 'served' } })?.expected).toBe('served');
  expect(judged({ status: 500 }, { servedWithout, onFault })?.verdict).toBe('FAIL');
  expect(judged({ status: 201 }, { servedWithout: ['mem0'], onFault })?.verdict).toBe('FAIL');
});

test.each<[string, string, string]>([
  ['cut', 'FAIL', 'the fault acted on 1 request to groq'],
  [
    'answered',
    'INCONCLUSIVE',
    'groq sent no event stream to cut off: remove it from endpoints.conversation-end.onFault',
  ],
])('a stream that should be cut off, and whose request was %s, gives %s', (outcome, verdict, evidence) => {
  const events = failingHistory({ fault: 'cut-stream', status: 201 }).map((event) =>
    event.type === 'receipt' && event.at < T0 + 60_000 ? { ...event, outcome } : event,
  );
  const promise = { onFault: { 'cut-stream': 'error' as const } };
  expect(faultsAnswered.judge(new History(events as HistoryEvent[]), factsWith(promise))).toMatchObject([
    { verdict, evidence: [evidence] },
  ]);
});

test('a stream that was cut off once is a stream', () => {
  const events = failingHistory({ fault: 'cut-stream', failing: 2, status: 201 }).map((event) =>
    event.type === 'receipt' && event.seq === 1 ? { ...event, outcome: 'cut' } : event,
  );
  expect(faultsAnswered.judge(new History(events as HistoryEvent[]), factsWith({}))[0]?.verdict).toBe('FAIL');
  expect(judged({ fault: 'cut-stream', failing: 0 })?.evidence).toEqual(['the fault acted on 0 requests to groq']);
});

test('nothing is proved if the call is missing, or its outcome says nothing about the service', () => {
  const failing = { action: 'failing', upstream: 'groq', fault: 'plain-500', endpoint: 'conversation-end' } as const;
  const cut = [begun(1, failing, 0, 0), receipt(1, 20, 5, 'groq', ['f1:status'])];
  const finding = faultsAnswered.judge(new History(cut), facts())[0];
  expect(finding).toMatchObject({ observed: 'no call', verdict: 'INCONCLUSIVE' });
  expect(judged({ status: 0, tags: { error: 'lookup: no such host', error_code: '1101' } })?.verdict).toBe(
    'INCONCLUSIVE',
  );
});

test('a refused connection leaves no receipt, but the call to the healed upstream does', () => {
  const onFault = { refuse: 502 };
  const seen = { fault: 'refuse', failing: 0 };
  expect(judged(seen, { onFault })?.verdict).toBe('PASS');
  expect(judged({ ...seen, status: 201 }, { onFault })?.verdict).toBe('FAIL');
  expect(judged({ ...seen, good: 0 }, { onFault })?.verdict).toBe('INCONCLUSIVE');
  // The upstream is healed when the next call is sent, at 60 s.
  const reached = (...after: number[]) => {
    const events = failingHistory({ ...seen, good: after.length }).map((event) =>
      event.type === 'receipt' ? { ...event, at: T0 + (after[event.seq - 1] as number) } : event,
    );
    return faultsAnswered.judge(new History(events), factsWith({ onFault }))[0]?.verdict;
  };
  expect(reached(59_990)).toBe('PASS');
  expect(reached(59_989)).toBe('INCONCLUSIVE');
  expect(reached(30, 60_010)).toBe('INCONCLUSIVE');
});

test('an unexpected status is not blamed on a service that the machine delayed for most of the time', () => {
  const onFault = { 'plain-500': 502 };
  const waited = (ms: number) => [starved('service', 10, 1_010, ms)];
  expect(judged({ status: 504, ms: 1_000, more: waited(900) }, { onFault })).toMatchObject({
    verdict: 'INCONCLUSIVE',
    evidence: [expect.any(String), expect.stringMatching(/^the call took 1(\.00)? s minus .* machine noise: /)],
  });
  expect(judged({ status: 504, ms: 1_000, more: waited(500) }, { onFault })?.verdict).toBe('INCONCLUSIVE');
  expect(judged({ status: 504, ms: 900, more: waited(499) }, { onFault })?.verdict).toBe('FAIL');
  expect(judged({ status: 504, ms: 1_000, more: waited(200) }, { onFault })?.verdict).toBe('FAIL');
  expect(judged({ status: 504, ms: 9_000, more: waited(900) }, { onFault })?.verdict).toBe('FAIL');
  expect(judged({ status: 201, ms: 1_000, more: waited(900) }, { onFault })?.verdict).toBe('FAIL');
});

test("an open breaker's rejection proves nothing if the attempts of the call may have opened it", () => {
  const onFault = { 'plain-500': 502 };
  expect(judged({ status: 503, failing: 4 }, { onFault })?.verdict).toBe('FAIL');
  expect(judged({ status: 503, failing: 5 }, { onFault })?.verdict).toBe('INCONCLUSIVE');
  expect(judged({ status: 500, failing: 5 }, { onFault })?.verdict).toBe('FAIL');
});

test('other phases are ignored, and an endpoint may have blanks in its name', () => {
  expect(faultsAnswered.judge(new History([begun(1, { action: 'steady' }, 0, 0)]), facts())).toEqual([]);
  const failing = { action: 'failing', upstream: 'groq', fault: 'stall', endpoint: 'read again' } as const;
  const events = [begun(1, failing, 0, 0), request(1, 5, 502, { phase: '1', about: 'failing' })];
  expect(faultsAnswered.judge(new History(events), facts())).toMatchObject([
    { check: 'answer to stall: groq, read again', verdict: 'INCONCLUSIVE' },
  ]);
});
