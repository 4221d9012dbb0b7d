import { expect, test } from 'vitest';
import { openingHints, withOpeningHints } from '../../../../harness/checkers/breaker/breaker-hints.ts';
import type { HistoryEvent } from '../../../../harness/history/events.ts';
import { History } from '../../../../harness/history/history.ts';
import type { Finding, Verdict } from '../../../../harness/verdict/finding.ts';
import { begun, facts, receipt, request, requests, T0 } from '../../../support/history.ts';

const LLM = facts('llm');
const ENDPOINT = 'activities-suggest';

/**
 * Calls that are sent one after another, 100 ms apart: `ok` is served, `fails` reaches the upstream and fails, and a
 * status is a call that does not reach it.
 */
const calls = (...outcomes: ('ok' | 'fails' | number)[]) =>
  new History(
    outcomes.flatMap((outcome, index): HistoryEvent[] => {
      const status = outcome === 'ok' ? 200 : outcome === 'fails' ? 502 : outcome;
      const call = request(index * 100, 50, status, { phase: '2', endpoint: ENDPOINT });
      return typeof outcome === 'number' ? [call] : [call, receipt(index + 1, index * 100 + 5, 20, 'groq')];
    }),
  );

const fails = (times: number) => Array.from({ length: times }, () => 'fails' as const);

test('a breaker that opened late: the threshold', () => {
  expect(openingHints(calls('ok', ...fails(7), 503), LLM)).toEqual([
    "it opens late, after 7 failures in a row instead of 5: set the service's threshold to 5 in the profile's " +
      'environment, or write breakers.llm.threshold: 7. If it ignores some failures, chaos/llm-failure-policy says which',
  ]);
});

/** Calls that fail with one kind alone, as often as failures opened the breaker, and the probes after them. */
const aloneForLonger = (id: number, isClosed: boolean): HistoryEvent[] => [
  begun(id, { action: 'alone for longer', breaker: 'llm', fault: `kind ${id}` }, id * 1_000, 10 * id),
  ...requests(7, id * 1_000, 10, 502, { phase: String(id) }),
  ...Array.from({ length: 7 }, (_, index) => receipt(10 * id + 1 + index, id * 1_000 + index, 5, 'groq', ['f1:x'])),
  begun(id + 1, { when: 'after', of: id }, id * 1_000 + 300, 10 * id + 7),
  ...requests(3, id * 1_000 + 300, 5, isClosed ? 201 : 503, { phase: String(id + 1) }),
  ...(isClosed ? [receipt(10 * id + 8, id * 1_000 + 301, 2, 'groq')] : []),
];

test('a breaker that opened late, and that no kind of failure opens alone: no other threshold', () => {
  const late = [...calls('ok', ...fails(7), 503).inOrder(), begun(3, { action: 'half-open' }, 5_000, 8)];
  const byNone = new History([...late, ...aloneForLonger(11, true), ...aloneForLonger(21, true)]);
  const [text = '', ...others] = openingHints(byNone, LLM);
  expect([text, others]).toEqual([
    expect.stringMatching(
      /^it opens late, after 7 failures in a row instead of 5, and no kind of failure alone opens it/,
    ),
    [],
  ]);
  expect(text).not.toContain('threshold: 7');
  const FAIL = 'FAIL' as const;
  const failed: Finding = { check: 'opens', expected: '', observed: '', verdict: FAIL };
  expect(withOpeningHints([failed], byNone, LLM)[0]).not.toHaveProperty('changes');
  const bySome = new History([...late, ...aloneForLonger(11, true), ...aloneForLonger(21, false)]);
  expect(openingHints(bySome, LLM)).toEqual([expect.stringContaining('write breakers.llm.threshold: 7')]);
});

test('a breaker that opened early, but after as many failures as promised in all: successes', () => {
  expect(openingHints(calls('ok', ...fails(4), 'ok', 'fails', 503), LLM)).toEqual([
    'a success does not set its count back to 0: it opened after 5 failures in all, of which only 1 was in a row. If it ' +
      'opens by a rate of failures, write opens instead of threshold',
  ]);
});

test('a breaker that opened early, after more failures than promised in all: other failures', () => {
  expect(openingHints(calls('ok', ...fails(4), 'ok', 'fails', 'fails', 503), LLM)).toEqual([
    'it counts other failures, too: it opened after 2 failures in a row instead of 5, when 6 of 8 calls had failed. ' +
      'Does a success reset the count, and do only calls of groq count? If it opens by a rate of failures, write opens ' +
      'instead of threshold',
  ]);
});

/**
 * A row of which the last failure comes after a pause of 2.2 s, more failures until the breaker opens, and as many
 * failures alone, which open it or don't.
 */
const paused = (further: number, opensAlone: boolean, ...others: HistoryEvent[]) => {
  const at = (index: number) => (index < 4 ? index * 50 : 2_400 + index * 50);
  const row = (from: number, until: number, phase: string): HistoryEvent[] =>
    Array.from({ length: until - from }, (_, index) => from + index).flatMap((index) => [
      request(at(index), 20, 502, { phase, endpoint: ENDPOINT }),
      receipt(index + 1, at(index) + 5, 10, 'groq', ['f1:status']),
    ]);
  const tags = { phase: '2', endpoint: ENDPOINT };
  return new History([
    begun(1, { action: 'opening' }, 0, 0),
    ...row(0, 5, '1'),
    begun(2, { when: 'after', of: 1 }, 2_620, 5),
    ...row(5, 5 + further, '2'),
    request(3_500, 1, 503, tags),
    begun(3, { action: 'half-open' }, 5_000, 50),
    begun(4, { action: 'alone', breaker: 'llm', fault: 'status 500' }, 6_000, 50),
    ...requests(5, 6_000, 10, 502, { phase: '4' }),
    ...Array.from({ length: 5 }, (_, index) => receipt(51 + index, 6_000 + index, 5, 'groq', ['f2:status'])),
    begun(5, { when: 'after', of: 4 }, 6_100, 55),
    ...requests(3, 6_100, 5, opensAlone ? 503 : 201, { phase: '5' }),
    ...(opensAlone ? [] : [receipt(56, 6_101, 2, 'groq')]),
    ...others,
  ]);
};

test.each<[string, History, RegExp]>([
  [
    'failures that are forgotten',
    paused(4, true),
    /after 9 failures in a row, only after a pause of 2\.43 s: .*were forgotten/,
  ],
  [
    'the recovery counts from the first failure',
    paused(1, true),
    /after 6 failures .* does it count from the first failure/,
  ],
  ['neither', paused(2, true), /What happens in the pause changes the count$/],
  [
    'a check of the service itself',
    paused(4, true, receipt(40, 1_000, 5, 'groq')),
    /belongs to no call: GET .*must not set/,
  ],
])('a breaker that opens late only after a pause keeps its threshold: %s', (_, history, cause) => {
  const [text, ...others] = openingHints(history, LLM);
  expect([text, others]).toEqual([expect.stringMatching(cause), []]);
  expect(text).not.toContain('threshold: ');
});

test('a breaker that the same failures without a pause do not open has another threshold', () => {
  expect(openingHints(paused(1, false), LLM)).toEqual([expect.stringContaining('write breakers.llm.threshold: 6')]);
});

/** The calls, followed by three calls to the endpoint of another breaker while it is open. Some reach its upstream. */
const besides = (history: History, reached: number) =>
  new History([
    ...history.inOrder(),
    begun(1, { action: 'open' }, 3_000, 100),
    ...requests(3, 3_000, 5, 503, { phase: '1', about: 'memory', endpoint: 'activities-suggest' }),
    ...Array.from({ length: reached }, (_, index) => receipt(101 + index, 3_000, 1, 'mem0')),
  ]);

test('a breaker that is also the one of another upstream: the other one', () => {
  const late = calls('ok', ...fails(8), 503);
  expect(openingHints(besides(late, 0), LLM)).toEqual([
    'it shares a breaker with memory: while it was open, none of 3 calls to activities-suggest reached mem0. Results ' +
      'of mem0 count as well, so it opened after 8 failures in a row instead of 5',
  ]);
  expect(openingHints(besides(late, 3), LLM)).toEqual([expect.stringMatching(/^it opens late, after 8 failures/)]);
  expect(openingHints(besides(calls('ok', ...fails(5), 503), 0), LLM)).toEqual([]);
});

test('a breaker that never opened, although its calls also reached another upstream: both', () => {
  const history = new History([
    ...calls('ok', ...fails(15)).inOrder(),
    begun(2, { action: 'opening' }, 100, 0),
    begun(3, { when: 'after', of: 2 }, 500, 50),
    receipt(51, 600, 1, 'mem0'),
  ]);
  expect(openingHints(history, LLM)).toEqual([
    'its failing calls also reached mem0: if memory is the same breaker, its successes reset the count',
    expect.stringMatching(/^it never opens: after 15 failures/),
  ]);
});

test('a breaker that never opened: its failures', () => {
  expect(openingHints(calls('ok', ...fails(20), 'ok', ...fails(3)), LLM)).toEqual([
    expect.stringMatching(
      /^it never opens: after 20 failures in a row, calls still reach groq\. Does it count .*status/,
    ),
  ]);
});

test('calls that are rejected with another status: the refusal', () => {
  expect(openingHints(calls(...fails(5), 429, 429), LLM)).toEqual([
    'calls that did not reach its upstream got 2 × 429, and refusal is 503: write breakers.llm.refusal: 429',
  ]);
  expect(openingHints(calls(...fails(5), 429, 503), LLM)).toEqual([
    'calls that did not reach its upstream got 1 × 429, 1 × 503, and refusal is 503',
  ]);
  expect(openingHints(calls(...fails(5), 400), LLM)).toEqual([expect.stringMatching(/: write .*refusal: 400$/)]);
  expect(openingHints(calls(...fails(5), 399), LLM)).toEqual([expect.stringMatching(/and refusal is 503$/)]);
});

test('calls that are served without the upstream: a cache or a default', () => {
  expect(openingHints(calls('ok', 200, ...fails(4), 200, 503), LLM)).toEqual([
    'answered without the upstream: calls of activities-suggest got 2 × 200, and no request reached groq. A cache, a ' +
      'default or another source answers in its place, perhaps with the answer for another caller',
  ]);
});

test('a breaker that refuses calls before any has failed: no other threshold', () => {
  expect(openingHints(calls('ok', 503, 503), LLM)).toEqual(['it refuses calls before any of them failed']);
});

/** Two more requests during each of these calls. */
const again = (...indices: number[]) =>
  indices.flatMap((index) => [1, 2].map((n) => receipt(index * 10 + n, index * 100 + n * 10, 5, 'groq')));

test('calls that are retried below the breaker: the retries', () => {
  const history = new History([...calls('ok', ...fails(9)).inOrder(), ...again(1, 2, 3, 4, 5, 6, 7, 8, 9)]);
  expect(openingHints(history, LLM)).toEqual([
    'calls are retried: each call sends 3 requests to groq, and upstreams.groq.calls promises 1 attempt. Disable the ' +
      'retries of the client (such as maxRetries: 0), or promise them: upstreams.groq.calls: { attempts: 3 }',
  ]);
});

/** The same calls, every second one of them of another endpoint. */
const alternating = (history: History) =>
  history
    .inOrder()
    .map((event) =>
      event.type === 'request' && (event.at - T0) % 200 === 0
        ? { ...event, tags: { ...event.tags, endpoint: 'conversation-end' } }
        : event,
    );

test('calls of one of two endpoints that are retried: this endpoint', () => {
  const history = new History([...alternating(calls('ok', ...fails(9))), ...again(1, 3, 5, 7, 9)]);
  expect(openingHints(history, LLM)).toEqual([
    expect.stringMatching(
      /^some calls are retried: each call of activities-suggest sends 3 requests to groq, and .* promises 1 attempt\./,
    ),
  ]);
});

test('calls that follow each other within a few milliseconds are not retried', () => {
  const quick = Array.from({ length: 7 }, (_, index) => [
    request(1_000 + index * 9, 6, 502, { phase: '2', endpoint: ENDPOINT }),
    receipt(20 + index, 1_003 + index * 9, 2, 'groq'),
  ]).flat();
  const refused = request(1_100, 5, 503, { phase: '2', endpoint: ENDPOINT });
  const history = new History([...calls('ok').inOrder(), ...quick, refused]);
  expect(openingHints(history, LLM)).toEqual([expect.stringMatching(/^it opens late, after 7 failures in a row/)]);
});

test('a call of another endpoint that reaches the upstream while the breaker is open: this endpoint', () => {
  const own = (index: number, status: number) =>
    request(index * 100, 50, status, { phase: '2', endpoint: 'conversation-end' });
  const bypassed = new History([
    ...calls(...fails(6)).inOrder(),
    own(6, 503),
    request(700, 50, 200, { phase: '2', endpoint: ENDPOINT }),
    receipt(9, 705, 20, 'groq'),
    own(8, 503),
  ]);
  expect(openingHints(bypassed, LLM)).toEqual([
    'an endpoint bypasses the breaker: activities-suggest. Its calls reach groq while those of conversation-end are refused',
  ]);
});

/** Facts about the same breaker in front of a TCP server. */
const OVER_TCP = {
  ...LLM,
  contract: { ...LLM.contract, upstreams: { ...LLM.contract.upstreams, groq: { tcp: '127.0.0.1:6379' } } },
};

test('calls of a TCP server that fail while the client connects again are failures, not rejections', () => {
  const never = calls('ok', ...fails(6), 502, ...fails(7), 502, 'fails');
  expect(openingHints(never, OVER_TCP)).toEqual([expect.stringMatching(/^it never opens: after 16 failures in a row/)]);
  expect(openingHints(calls('ok', ...fails(4), 502, 503, 503), OVER_TCP)).toEqual([]);
  expect(openingHints(calls('ok', ...fails(6), 502, 503), OVER_TCP)).toEqual([
    expect.stringMatching(/^it opens late, after 7 failures in a row instead of 5/),
  ]);
});

test('a call of an HTTP server that does not reach it is a rejection', () => {
  expect(openingHints(calls('ok', ...fails(4), 502, 503), LLM)).toEqual([
    expect.stringMatching(/^it opens early, after 4 failures in a row/),
    'calls that did not reach its upstream got 1 × 502, 1 × 503, and refusal is 503',
  ]);
});

test('a rejection of calls of a TCP server with another status: the refusal', () => {
  expect(openingHints(calls(...fails(5), 429, 429), OVER_TCP)).toEqual([
    'calls that did not reach its upstream got 2 × 429, and refusal is 503: write breakers.llm.refusal: 429',
  ]);
  const refusedAlike = calls(...Array.from({ length: 5 }, () => 'fails' as const), 503);
  const alike = new History(
    refusedAlike.inOrder().map((event) => (event.type === 'request' ? { ...event, status: 503 } : event)),
  );
  expect(openingHints(alike, OVER_TCP)).toEqual([]);
});

test('a call that reaches the upstream soon after the opening: the recovery timeout', () => {
  expect(openingHints(calls(...fails(5), 503, 503, 503, 'ok', 503), LLM)).toEqual([
    'a call reached its upstream 0.3 s after it opened: if that was a trial, its recovery timeout is shorter than ' +
      'breakers.llm.recoverySeconds: 2',
  ]);
  expect(openingHints(calls(...fails(5), ...Array<number>(20).fill(503), 'ok'), LLM)).toEqual([]);
});

test('calls after the first trial, and those that need another upstream, are left out', () => {
  const history = new History([
    ...calls(...fails(5), 503).all('request'),
    ...calls(...fails(5)).all('receipt'),
    request(550, 5, 404, { phase: '2', endpoint: 'health' }),
    begun(4, { action: 'half-open' }, 2_600, 5),
    request(2_600, 5, 500, { phase: '4', endpoint: ENDPOINT }),
    request(2_700, 5, 500, { phase: '4', endpoint: ENDPOINT }),
  ]);
  expect(openingHints(history, LLM)).toEqual([]);
  expect(openingHints(new History([]), LLM)).toEqual([]);
});

test('a request that arrived before a call, or after its answer, is not the one that it sent', () => {
  const opened = calls('ok', ...fails(5), 503).inOrder();
  for (const after of [599, 651]) {
    expect(openingHints(new History([...opened, receipt(99, after, 5, 'groq')]), LLM)).toEqual([]);
  }
  expect(openingHints(new History([...opened, receipt(99, 650, 5, 'groq')]), LLM)).toEqual([
    expect.stringMatching(/^it never opens: after 6 failures/),
  ]);
});

test('a breaker that opens by a rate: its settings', () => {
  const opens = { rate: 0.5, window: { calls: 6 }, minimum: 6, boundary: 'at' as const };
  const llm = { opens, recoverySeconds: 2 };
  const rated = { ...LLM, numbers: { ...LLM.numbers, breakers: { ...LLM.numbers.breakers, llm } } };
  expect(openingHints(calls('ok', ...fails(2), 503), rated)).toEqual([
    "it opened when 2 of 3 calls had failed: compare opens with the service's settings",
  ]);
});

test('the hints are the likely cause of the first finding that failed', () => {
  const finding = (verdict: Verdict): Finding => ({ check: 'a', expected: 'b', observed: 'c', verdict });
  const late = calls('ok', ...fails(7), 503);
  const found = withOpeningHints(
    [finding('PASS'), { ...finding('FAIL'), evidence: ['own'] }, finding('FAIL')],
    late,
    LLM,
  );
  expect(found.map(({ usually }) => usually)).toEqual([
    undefined,
    expect.stringMatching(/^It opens late, .*\.$/),
    undefined,
  ]);
  expect(found[1]?.evidence).toEqual(['own']);
});

test('the breaker of another endpoint with the same upstream is not blamed', () => {
  const { memory } = LLM.contract.breakers;
  const breakers = { ...LLM.contract.breakers, memory: { ...memory, upstream: 'groq' } };
  const alike = { ...LLM, contract: { ...LLM.contract, breakers } } as typeof LLM;
  expect(openingHints(besides(calls('ok', ...fails(8), 503), 0), alike)).toEqual([
    expect.stringMatching(/^it opens late, after 8 failures/),
  ]);
});
