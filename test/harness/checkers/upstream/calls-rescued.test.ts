import { expect, test } from 'vitest';
import { callsRescued } from '../../../../harness/checkers/upstream/calls-rescued.ts';
import type { HistoryEvent } from '../../../../harness/history/events.ts';
import { History } from '../../../../harness/history/history.ts';
import { type PromisedCalls, promisedCalls } from '../../../../mocks/promised-calls.ts';
import { factsWith, GIVEN_UP } from '../../../support/failing.ts';
import { begun, metric, receipt, request } from '../../../support/history.ts';

const CALLS = promisedCalls.parse({ attempts: 3, on: ['5xx', 'timeout'], budgetSeconds: 4 });

interface Rescue {
  fault?: string;
  /** How many attempts were to fail, did fail, and met no fault. */
  failures?: number;
  met?: number;
  good?: number;
  status?: number;
  ms?: number;
  tags?: Record<string, string>;
  more?: HistoryEvent[];
}

/** The events of one call in a phase of its own, which begins after the given number of requests. */
function rescued(
  { fault = 'plain-500', failures = 1, met = failures, good = 1, status = 201, ms = 50, tags, more = [] }: Rescue,
  id = 1,
  before = 0,
): HistoryEvent[] {
  const [from, upstream, endpoint] = [id * 10_000, 'groq', 'conversation-end'];
  return [
    begun(id, { action: 'rescued', upstream, fault, failures, endpoint }, from, before),
    request(from + 10, ms, status, { phase: String(id), endpoint, about: 'rescued', ...tags }),
    ...Array.from({ length: met }, (_, index) => receipt(before + index + 1, from + 20, 1, upstream, ['f1:status'])),
    ...Array.from({ length: good }, (_, index) => receipt(before + met + index + 1, from + 30, 1, upstream)),
    ...more,
  ];
}

const judgedAll = (
  events: HistoryEvent[],
  changed: Parameters<typeof factsWith>[0] = {},
  calls: PromisedCalls = CALLS,
) => callsRescued.judge(new History(events), factsWith(changed, calls));
const judged = (rescue: Rescue, changed: Parameters<typeof factsWith>[0] = {}, calls?: PromisedCalls) =>
  judgedAll(rescued(rescue), changed, calls)[0];

test('a call that the second attempt rescues passes', () => {
  expect(judged({})).toMatchObject({
    check: 'rescued after plain-500: groq, conversation-end',
    requests: [{ phase: '1', about: 'rescued' }],
    expected: 'served by attempt 2',
    observed: 'after 1 failure: served (1 of 2 attempts failed)',
    verdict: 'PASS',
  });
});

test('each number of failures counts, and a single call that is not rescued fails', () => {
  const [finding, ...others] = judgedAll([...rescued({}), ...rescued({ failures: 2, status: 502 }, 2, 2)]);
  expect(others).toEqual([]);
  expect(finding).toMatchObject({
    expected: 'served by attempt 2, served by attempt 3',
    observed:
      'after 1 failure: served (1 of 2 attempts failed); after 2 failures: the caller got 502 (2 of 3 attempts failed)',
    verdict: 'FAIL',
    usually: expect.stringMatching(/^A later attempt gets an answer, but the caller gets/),
  });
});

test.each<[string, Rescue, string, string?]>([
  ['an error although an attempt got an answer', { status: 502 }, 'FAIL', 'A later attempt gets an answer'],
  ['an error after too few attempts', { failures: 2, met: 1, good: 0, status: 502 }, 'FAIL', 'The call gives up after'],
  ['an error, and no attempt is left', { good: 0, status: 502 }, 'FAIL', 'After 1 failure of this kind'],
  ['a success without an attempt that got an answer', { good: 0 }, 'FAIL', 'The caller gets a success although'],
  ['another request after the good one', { good: 2 }, 'FAIL', 'A call is repeated although'],
  ['no answer', { status: 0, tags: GIVEN_UP, good: 0 }, 'FAIL'],
  ['no fault', { met: 0, good: 1 }, 'INCONCLUSIVE'],
  ['the end of its budget', { status: 502, ms: 3_300 }, 'INCONCLUSIVE'],
  ['no answer of an attempt that hangs', { fault: 'hang', status: 0, tags: GIVEN_UP, good: 0 }, 'INCONCLUSIVE'],
  ['an error after an attempt that hangs', { fault: 'hang', status: 502 }, 'FAIL'],
  ['a reset of a connection that was used before', { status: 0, tags: { error_code: '0' } }, 'INCONCLUSIVE'],
])('a call that gets %s', (_, rescue, verdict, cause) => {
  const finding = judged(rescue);
  expect(finding?.verdict).toBe(verdict);
  if (cause !== undefined) expect(finding?.usually?.startsWith(cause)).toBe(true);
});

test('the time that onFault promises ends a call as the budget does', () => {
  const onFault = { hang: { answer: 502, withinSeconds: 1 } };
  expect(judged({ fault: 'hang', status: 502, ms: 900 }, { onFault })?.verdict).toBe('INCONCLUSIVE');
  expect(judged({ fault: 'hang', status: 502, ms: 700 }, { onFault })?.verdict).toBe('FAIL');
});

test('another upstream of the fallback must not answer instead', () => {
  const fallback = { order: ['groq', 'mem0'], never: [] };
  const more = [receipt(3, 10_040, 1, 'mem0')];
  expect(judged({}, { fallback })?.verdict).toBe('PASS');
  expect(judged({ more }, { fallback })).toMatchObject({ verdict: 'FAIL', usually: expect.stringMatching(/^Another/) });
  expect(judged({ more })?.verdict).toBe('PASS');
});

test('an endpoint may call the upstream more than once', () => {
  const reaches = ['groq', 'groq'];
  expect(judged({ good: 2 }, { reaches })?.verdict).toBe('PASS');
  expect(judged({ good: 1 }, { reaches })?.verdict).toBe('FAIL');
});

test('a stream must be complete and report no error', () => {
  const stream = { format: 'sse', firstEventSeconds: 1, stallSeconds: 1 } as const;
  const complete = metric('complete_streams', 10_060, 1, { phase: '1', about: 'rescued' });
  expect(judged({ more: [complete] }, { stream })?.verdict).toBe('PASS');
  expect(judged({}, { stream })).toMatchObject({
    verdict: 'FAIL',
    observed: expect.stringContaining('not complete'),
  });
  const failed = metric('errors_in_streams', 10_060, 1, { phase: '1' });
  expect(judged({ more: [complete, failed] }, { stream })?.verdict).toBe('FAIL');
});

test('an endpoint that is served without the upstream is left out', () => {
  expect(judgedAll(rescued({}), { servedWithout: ['groq'] })).toEqual([]);
});

test('says what the scenario does not try, and misses phases that did not begin', () => {
  const facts = factsWith({}, CALLS);
  const phase = { action: 'rescued', upstream: 'groq', endpoint: 'conversation-end', fault: 'plain-500' } as const;
  const plan = [1, 2].map((failures) => ({ ...phase, failures }));
  const finding = callsRescued.judge(new History(rescued({})), { ...facts, proof: { ...facts.proof, plan } })[0];
  expect(finding).toMatchObject({
    verdict: 'INCONCLUSIVE',
    evidence: [
      'only 1 of the 2 phases for this check started',
      'not tried, because it takes more than 10 s or opens a breaker: 1 × hang, 2 × hang',
    ],
  });
  expect(callsRescued.cases?.({ ...facts, proof: { ...facts.proof, plan } })).toEqual([
    {
      check: 'rescued after plain-500: groq, conversation-end',
      promises: [
        ['upstreams', 'groq', 'calls', 'attempts'],
        ['upstreams', 'groq', 'calls', 'on'],
      ],
    },
  ]);
});
