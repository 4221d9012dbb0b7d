import { expect, test } from 'vitest';
import { slowUpstreamBounded } from '../../../../harness/checkers/upstream/slow-upstream-bounded.ts';
import { History } from '../../../../harness/history/history.ts';
import { begun, facts, receipt, request, SILENCE, STRAY, verdicts } from '../../../support/history.ts';

const FAULT = ['f1:latency'];
const LLM = { endpoint: 'conversation-end' };

/**
 * Two calls to a slow LLM API get a response in time, five get one too late, and then the LLM API is called three
 * times.
 */
function slow({ inTime = 201, slowed = 2, late = 502, ms = 2_000, reached = 5, calls = 5, leaked = 0, probe = 503 }) {
  return new History([
    begun(1, { action: 'in time', breaker: 'llm' }, 0, 0),
    ...Array.from({ length: 2 }, () => request(10, 1_400, inTime, { phase: '1', ...LLM })),
    ...Array.from({ length: slowed }, (_, index) => receipt(index + 1, 20, 1_390, 'groq', FAULT)),
    begun(2, { action: 'too late', breaker: 'llm' }, 1_500, slowed),
    ...Array.from({ length: calls }, () => request(1_510, ms, late, { phase: '2', ...LLM })),
    ...Array.from({ length: reached }, (_, index) =>
      receipt(slowed + index + 1, 1_520, 1_990, 'groq', [index % 2 === 0 ? 'f1:latency' : 'f2:drip']),
    ),
    begun(3, { when: 'after', of: 2 }, 3_600, slowed + reached),
    request(3_610, 5, probe, { phase: '3', ...LLM }),
    ...Array.from({ length: leaked }, (_, index) => receipt(slowed + reached + index + 1, 3_612, 1, 'groq')),
    STRAY,
  ]);
}

const judged = (what: Parameters<typeof slow>[0]) => {
  const found = verdicts(slowUpstreamBounded.judge(slow(what), facts()));
  return ['serves answers within the timeout', 'times out late answers', 'counts timeouts as failures'].map(
    (check) => found[`${check}: llm`],
  );
};

test.each<[string, Parameters<typeof slow>[0], string[]]>([
  ['all as promised', {}, ['PASS', 'PASS', 'PASS']],
  ['a call given up that would have come in time', { inTime: 502 }, ['FAIL', 'PASS', 'PASS']],
  ['a call in time without an answer', { inTime: 0 }, ['FAIL', 'PASS', 'PASS']],
  ['nothing slowed down', { slowed: 0 }, ['INCONCLUSIVE', 'PASS', 'PASS']],
  ['a call that is waited for', { ms: 3_001 }, ['PASS', 'FAIL', 'PASS']],
  ['a call that ends just within the tolerance', { ms: 3_000 }, ['PASS', 'PASS', 'PASS']],
  ['a call that is served too late', { late: 201 }, ['PASS', 'FAIL', 'INCONCLUSIVE']],
  ['a call without an answer', { late: 0 }, ['PASS', 'FAIL', 'PASS']],
  ['calls that did not arrive', { reached: 4 }, ['PASS', 'INCONCLUSIVE', 'INCONCLUSIVE']],
  ['too few calls', { calls: 4, reached: 4 }, ['PASS', 'INCONCLUSIVE', 'INCONCLUSIVE']],
  ['a breaker that stays closed', { leaked: 1, probe: 201 }, ['PASS', 'PASS', 'FAIL']],
])('an upstream that is slow, and %s', (_, what, expected) => {
  expect(judged(what)).toEqual(expected);
});

test('is inconclusive if a failure was lost with a reused connection', () => {
  const events = slow({}).inOrder();
  const position = events.findIndex((event) => event.type === 'request' && event.tags.phase === '2');
  const left = events.map((event, index) => (index === position ? { ...event, status: 0, opened: false } : event));
  const found = verdicts(slowUpstreamBounded.judge(new History(left as typeof events), facts()));
  expect(Object.values(found).slice(0, 3)).toEqual(['PASS', 'INCONCLUSIVE', 'INCONCLUSIVE']);
});

test('reports the longest call and all statuses', () => {
  expect(slowUpstreamBounded.judge(slow({}), facts())[1]).toMatchObject({
    observed: 'the longest took 2.00 s: 5 × 502',
    evidence: ['how groq was slowed down: 3 × latency, 2 × drip'],
  });
  expect(slowUpstreamBounded.judge(slow({ ms: 2_500 }), facts())[1]?.evidence).toEqual([
    'how groq was slowed down: 3 × latency, 2 × drip',
    expect.stringMatching(/^measured 2\.50? s minus 1(\.00)? s of tolerance: 1\.50? s$/),
  ]);
});

test('shows how much of the timeout remained for an answer that was given up', () => {
  const noise = { ...SILENCE, loopbackMs: 700 };
  expect(slowUpstreamBounded.judge(slow({ inTime: 502 }), { ...facts(), noise })[0]).toMatchObject({
    verdict: 'INCONCLUSIVE',
    evidence: [expect.stringMatching(/^left of the timeout: .*machine noise: 0/)],
  });
});

test.each([
  [4, true],
  [3, false],
])(
  'a time window of %d s and a timeout of 2 s: whether timeouts open the breaker is judged: %s',
  (seconds, isJudged) => {
    const { numbers, ...others } = facts();
    const opens = { rate: 0.5, window: { seconds }, minimum: 5, boundary: 'at' as const };
    const breakers = { ...numbers.breakers, llm: { opens, recoverySeconds: 2, callTimeoutSeconds: 2 } };
    const judged = verdicts(slowUpstreamBounded.judge(new History(), { ...others, numbers: { ...numbers, breakers } }));
    expect('counts timeouts as failures: llm' in judged).toBe(isJudged);
    expect(judged).toHaveProperty('times out late answers: llm');
  },
);

test('calls that are given up in time, and do not open the breaker, are not counted', () => {
  const found = slowUpstreamBounded.judge(slow({ leaked: 1, probe: 201 }), facts());
  expect(found.find(({ check }) => check.startsWith('counts timeouts'))?.usually).toMatch(
    /^Calls to groq that time out are not counted: they were given up in time \(5 × 502\)/,
  );
});
