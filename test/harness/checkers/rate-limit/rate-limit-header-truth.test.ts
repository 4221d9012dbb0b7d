import { expect, test } from 'vitest';
import { rateLimitHeaderTruth } from '../../../../harness/checkers/rate-limit/rate-limit-header-truth.ts';
import { History } from '../../../../harness/history/history.ts';
import { facts, metric, T0 } from '../../../support/history.ts';

const limit = 'conversation-end';
/** 20 requests in two seconds, as in the profile "fast". */
const [MAX, WINDOW_MS] = [20, 2_000];

interface Answer {
  /** How many milliseconds after the first request of the burst it was sent. */
  after: number;
  ms: number;
  status: number;
  step: string;
  headers: Record<string, string>;
}

/**
 * The responses of a service with correct headers: 20 requests are allowed and 3 are rejected, then more are rejected
 * until the window ends, and one is allowed again.
 */
function answers(first = 10): Answer[] {
  const burst = Array.from({ length: MAX + 3 }, (_, index) => {
    const isAdmitted = index < MAX;
    return answer(index * first, isAdmitted ? 201 : 429, 'burst', isAdmitted ? MAX - 1 - index : 0);
  });
  const again = [1_800, 1_900, 1_980].map((after) => answer(after, 429, 'again', 0));
  return [...burst, ...again, { ...answer(2_010, 201, 'again', MAX - 1), headers: draft6(MAX - 1, 2) }];
}

const answer = (after: number, status: number, step: string, remaining: number): Answer => {
  const seconds = Math.ceil((WINDOW_MS - after) / 1_000);
  const headers = { ...draft6(remaining, seconds), ...(status === 429 && { 'retry-after': String(seconds) }) };
  return { after, ms: 5, status, step, headers };
};

const draft6 = (remaining: number, seconds: number, max = MAX) => ({
  'ratelimit-limit': String(max),
  'ratelimit-remaining': String(remaining),
  'ratelimit-reset': String(seconds),
  'ratelimit-policy': `${max};w=2`,
});

const FAMILIES = ['draft-6', 'Retry-After'];

function judged(
  all: Answer[],
  { window = 'first-request' as Model, from = 0, round = '1', earlier = [] as Events } = {},
) {
  const known = facts();
  const limiter = { ...known.contract.limiter, window, headers: ['draft-6' as const] };
  const events = all.map(({ after, ms, status, step, headers }) => {
    const sent = T0 + from + after;
    return metric('answer_headers', from + after + ms, status, { limit, round, step, sent: String(sent), ...headers });
  });
  const findings = rateLimitHeaderTruth.judge(new History([...earlier, ...events]), {
    ...known,
    contract: { ...known.contract, limiter },
  });
  const own = findings.filter(({ check }) => check.endsWith(`, ${limit}`));
  return Object.assign(
    own.map(({ verdict }) => verdict),
    { findings: own },
  );
}
type Model = 'first-request' | 'clock' | 'sliding';
type Events = ReturnType<typeof metric>[];

/** Returns the same responses with some of them changed. */
const but = (change: (sent: Answer, index: number) => Partial<Answer> | undefined, all = answers()): Answer[] =>
  all.map((sent, index) => ({ ...sent, ...change(sent, index) }));

const withHeaders = (change: (sent: Answer, index: number) => Record<string, string> | undefined): Answer[] =>
  but((sent, index) => ({ headers: { ...sent.headers, ...change(sent, index) } }));

test('correct headers pass', () => {
  const judgement = judged(answers());
  expect([...judgement]).toEqual(['PASS', 'PASS']);
  expect(judgement.findings.map(({ check }) => check)).toEqual(
    FAMILIES.map((family) => `headers are correct: ${family}, ${limit}`),
  );
  expect(judgement.findings[0]?.observed).toBe('limit 27×, remaining 27×, reset 27×, window 27× sent; 0 wrong values');
  expect(judgement.findings[1]?.observed).toBe('reset 6× sent; 0 wrong values');
});

test.each([
  ['another limit', 0, withHeaders(() => ({ 'ratelimit-limit': '19' }))],
  ['another window', 0, withHeaders(() => ({ 'ratelimit-policy': '20;w=3' }))],
  ['no remaining at all', 0, but(({ headers: { 'ratelimit-remaining': _, ...headers } }) => ({ headers }))],
  ['one remaining too many', 0, withHeaders((_, index) => (index === 4 ? { 'ratelimit-remaining': '16' } : undefined))],
  [
    'one remaining for who is refused',
    0,
    withHeaders((_, index) => (index === 21 ? { 'ratelimit-remaining': '1' } : undefined)),
  ],
  [
    'a count that does not begin anew',
    0,
    withHeaders((_, index) => (index === 26 ? { 'ratelimit-remaining': '0' } : undefined)),
  ],
  [
    'a reset at which it is still refused',
    0,
    withHeaders((_, index) => (index === 3 ? { 'ratelimit-reset': '1' } : undefined)),
  ],
  [
    'a reset long after an admission',
    0,
    withHeaders((sent) => (sent.after === 1_800 ? { 'ratelimit-reset': '2' } : undefined)),
  ],
  ['no whole number', 0, withHeaders((_, index) => (index === 3 ? { 'ratelimit-reset': 'soon' } : undefined))],
  ['none on a refusal', 0, but((_, index) => (index === 21 ? { headers: { 'retry-after': '2' } } : undefined))],
  [
    'a Retry-After at which it is still refused',
    1,
    withHeaders((_, index) => (index === 21 ? { 'retry-after': '1' } : undefined)),
  ],
  [
    'a Retry-After long after an admission',
    1,
    withHeaders((_, index) => (index === 24 ? { 'retry-after': '3' } : undefined)),
  ],
  ['no Retry-After', 1, but((_, index) => (index === 21 ? { headers: draft6(0, 2) } : undefined))],
])('%s fails, but only for that header family', (_, family, all) => {
  const expected = ['PASS', 'PASS'];
  expected[family] = 'FAIL';
  expect([...judged(all)]).toEqual(expected);
});

test.each([
  [
    3,
    '1',
    'answer 4 (201): reset 1 s, 0.94 s before a request that was still refused (allowed: 25 ms)',
    'The remaining time is rounded down to whole seconds: the waits end up to 0.94 s too early. Round it up.',
  ],
  [3, '0', 'answer 4 (201): reset 0 s, 1.95 s before a request that was still refused (allowed: 25 ms)', undefined],
  [23, '2', 'answer 24 (429): reset 2 s, 1.78 s after an admission (allowed: 1.02 s)', undefined],
])('says how wrong the reset of answer %d (%s) is, and that it is rounded down', (at, reset, expected, usually) => {
  const { findings } = judged(withHeaders((_, index) => (index === at ? { 'ratelimit-reset': reset } : undefined)));
  expect(findings[0]?.observed).toContain(`1 wrong value: ${expected}`);
  expect(findings[0]?.usually).toBe(usually);
});

test('a reset may be off by 25 ms, and is rounded to whole seconds', () => {
  const lastRefused = { after: 1_980 };
  const at = (after: number, seconds: string) =>
    judged(
      withHeaders((sent) =>
        sent.step === 'again' && sent.status === 429 ? { 'ratelimit-reset': '1' } : undefined,
      ).map((sent) =>
        sent.after === 1_800 ? { ...sent, after, headers: { ...sent.headers, 'ratelimit-reset': seconds } } : sent,
      ),
    )[0];
  // The response came 5 ms later. The last rejected request was at 1,980 ms, and the next one was allowed at 2,015 ms
  // at the latest.
  expect(at(lastRefused.after - 1_000 - 25 - 5, '1')).toBe('PASS');
  expect(at(lastRefused.after - 1_000 - 25 - 6, '1')).toBe('FAIL');
  expect(at(2_015 + 25 - 1_000, '2')).toBe('PASS');
  expect(at(2_015 + 25 - 1_000 + 1, '2')).toBe('FAIL');
});

test('dates are judged in the same way', () => {
  const at = (ms: number) =>
    judged(
      withHeaders((sent) => (sent.status === 429 ? { 'retry-after': new Date(T0 + ms).toUTCString() } : undefined)),
    )[1];
  expect([at(1_000), at(2_000), at(3_000), at(4_000)]).toEqual(['FAIL', 'PASS', 'PASS', 'FAIL']);
});

test.each([
  ['nothing', []],
  ['no refusal', answers().slice(0, MAX)],
  ['no refusal before the next admission', answers().filter(({ step, status }) => step === 'burst' || status !== 429)],
  ['no admission after the refusals', answers().slice(0, -1)],
  [
    'a burst that lasted as long as a window',
    but((sent, index) => (index === 22 ? { ms: WINDOW_MS - sent.after } : undefined)),
  ],
])('%s is INCONCLUSIVE', (_, all) => {
  expect([...judged(all)]).toEqual(['INCONCLUSIVE', 'INCONCLUSIVE']);
});

test('a burst that ended just in time is judged', () => {
  expect([...judged(but((sent, index) => (index === 22 ? { ms: WINDOW_MS - sent.after - 1 } : undefined)))]).toEqual([
    'PASS',
    'PASS',
  ]);
});

test('the round that counts is the one whose burst was in time', () => {
  const earlier = answers(100).map(({ after, status, step }) =>
    metric('answer_headers', after + 5, status, { limit, round: '1', step, sent: String(T0 + after) }),
  );
  expect([...judged(answers(), { earlier, from: 10_000, round: '2' })]).toEqual(['PASS', 'PASS']);
});

test('windows of the clock are judged if a burst is inside one of them', () => {
  const window = 'clock';
  expect([...judged(answers(), { window })]).toEqual(['PASS', 'PASS']);
  expect([...judged(answers(), { window, from: 1_900 })]).toEqual(['INCONCLUSIVE', 'INCONCLUSIVE']);
});

test('in a sliding window only a refusal shows the time of the next admission', () => {
  const changed = withHeaders((sent, index) => {
    if (index === 26) return { 'ratelimit-remaining': '3' };
    return sent.status === 429 ? undefined : { 'ratelimit-reset': '9' };
  });
  expect([...judged(changed, { window: 'sliding' })]).toEqual(['PASS', 'PASS']);
  expect(judged(changed)[0]).toBe('FAIL');
});

test('in a sliding window a reset may be when all of it is fresh, and no later', () => {
  // The last one was allowed at 1,905 ms, so the whole limit is available again at 3,905 ms.
  const all = but(({ status }, index) =>
    index < MAX ? { after: index * 100 } : status === 429 ? { after: 1_950 } : undefined,
  );
  const at = (seconds: string) =>
    judged(
      all.map((sent) => ({ ...sent, headers: { ...sent.headers, 'ratelimit-reset': seconds } })),
      { window: 'sliding' },
    )[0];
  expect(at('2')).toBe('PASS');
  expect(at('3')).toBe('FAIL');
});

test('headers that no answer has are named as missing', () => {
  const { findings } = judged(but(() => ({ headers: {} })));
  expect(findings.map(({ usually }) => usually?.slice(0, 24))).toEqual(FAMILIES.map(() => 'The headers are missing:'));
});
