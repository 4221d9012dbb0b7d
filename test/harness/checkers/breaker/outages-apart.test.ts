import { expect, test } from 'vitest';
import { outagesApart } from '../../../../harness/checkers/breaker/outages-apart.ts';
import type { PhaseData } from '../../../../harness/contract/phases.ts';
import type { HistoryEvent } from '../../../../harness/history/events.ts';
import { History } from '../../../../harness/history/history.ts';
import { begun, facts, receipt, request, requests, STRAY, verdicts } from '../../../support/history.ts';

const FAULT = ['f1:malformed-json'];

interface Outages {
  /** How many of the LLM's five failures reach it. */
  first?: number;
  /** How many of the memory API's five failures reach it, and how many of the probes after them. */
  reached?: number;
  leaked?: number;
  probe?: number;
  calls?: number;
  status?: number;
  /** When calls reach the memory API during its outage. */
  tried?: number[];
  /** When the LLM's trial arrives (never if it is 0), and when a call before it is rejected. */
  trial?: number;
  refusedUntil?: number;
  /** How many of five calls reach the LLM once it is back, and the status of the others. */
  closed?: number;
  answer?: number;
  /** How many calls are made then. */
  closedCalls?: number;
  /** Whether to leave out the memory API. */
  alone?: boolean;
}

/** Both upstreams fail from 0 to 200 ms. The LLM is healed at 300 ms, and the memory API at 3 s. */
function both(how: Outages): History {
  const { reached = 5, leaked = 0, probe = 503, calls = 5, status = 502, tried = [2_300], trial = 2_100 } = how;
  const { refusedUntil = 2_000, closed = 5, closedCalls = 5, answer = 503, alone = false, first = 5 } = how;
  let seq = 0;
  const arrivals = (n: number, at: number, upstream: string, faults: string[] = []): HistoryEvent[] =>
    Array.from({ length: n }, (_, index) => {
      seq += 1;
      return receipt(seq, at + index, 5, upstream, faults);
    });
  const begin = (id: number, data: PhaseData, at: number) => begun(id, data, at, seq);
  const events = [
    begin(1, { action: 'both out', breaker: 'llm' }, 0),
    ...requests(5, 1, 10, 502, { phase: '1' }),
    ...arrivals(first, 60, 'groq', FAULT),
    begin(2, { action: 'both out', breaker: 'memory' }, 100),
    ...requests(calls, 101, 10, status, { phase: '2' }),
    ...arrivals(reached, 160, 'mem0', FAULT),
    begin(3, { when: 'after', of: 1 }, 200),
    ...requests(3, 201, 5, 503, { phase: '3' }),
    begin(4, { when: 'after', of: 2 }, 250),
    ...requests(3, 251, 5, probe, { phase: '4' }),
    ...arrivals(leaked, 252, 'mem0', FAULT),
    begin(5, { action: 'back', breaker: 'llm' }, 300),
    request(refusedUntil, 5, 503, { phase: '5' }),
    ...(trial ? arrivals(1, trial, 'groq') : []),
  ];
  if (!alone) {
    events.push(
      begin(6, { action: 'closed again', breaker: 'llm' }, 2_200),
      ...requests(closedCalls, 2_201, 5, answer, { phase: '6' }),
    );
    events.push(...arrivals(closed, 2_210, 'groq'), ...tried.flatMap((at) => arrivals(1, at, 'mem0', FAULT)));
  }
  events.push(begin(7, { action: 'back', breaker: 'memory' }, 3_000), ...arrivals(1, 4_400, 'mem0'));
  events.push(
    begin(8, { action: 'closed again', breaker: 'memory' }, 4_500),
    ...requests(5, 4_501, 5, 200, { phase: '8' }),
  );
  return new History([...events, ...arrivals(5, 4_510, 'mem0'), STRAY]);
}

const judged = (how: Outages) => verdicts(outagesApart.judge(both(how), facts()));
const [OPENS, STAYS, CLOSES] = [
  'opens independently: memory',
  'stays open while its upstream is out: memory',
  'closes independently: llm',
];

test('holds if each breaker opens and closes independently', () => {
  expect(judged({})).toEqual({
    'opens independently: llm': 'PASS',
    [OPENS]: 'PASS',
    [STAYS]: 'PASS',
    [CLOSES]: 'PASS',
    'closes independently: memory': 'PASS',
  });
});

test.each<[string, Outages, string, string]>([
  ['opens with the other', { reached: 2 }, OPENS, 'FAIL'],
  ['does not open', { leaked: 3, probe: 502 }, OPENS, 'FAIL'],
  ['was called too often', { reached: 6 }, OPENS, 'INCONCLUSIVE'],
  ['was called too seldom', { calls: 4, reached: 4 }, OPENS, 'INCONCLUSIVE'],
  ['gave no answer', { status: 0 }, OPENS, 'FAIL'],
  ['is tried as early as two clocks may tell', { tried: [2_119] }, STAYS, 'PASS'],
  ['closes with the other', { tried: [2_118] }, STAYS, 'FAIL'],
  ['lets all through after a failed trial', { tried: [2_300, 2_310] }, STAYS, 'FAIL'],
  ['is not tried meanwhile', { tried: [] }, STAYS, 'PASS'],
  ['never saw the other come back', { alone: true }, STAYS, 'INCONCLUSIVE'],
])('a breaker that %s', (_, how, check, expected) => {
  expect(judged(how)[check]).toBe(expected);
});

test.each<[string, number, string[] | undefined]>([
  ['opens at its own failures', 5, undefined],
  [
    'opens early',
    2,
    ['it opened after 2 failures: it counts other failures, too, such as the 5 failures of groq before'],
  ],
  ['is open already', 0, ['it shares a breaker with llm: it was open after 5 failures of groq']],
])('says what else counts for a breaker that %s', (_, reached, evidence) => {
  const found = outagesApart.judge(both({ reached }), facts()).find(({ check }) => check === OPENS);
  expect(found?.evidence).toEqual(evidence);
});

test('failures of an upstream that fails later do not count for one that opens early', () => {
  const found = outagesApart.judge(both({ first: 2 }), facts());
  const early = found.find(({ check }) => check === 'opens independently: llm');
  expect(early).toMatchObject({ verdict: 'FAIL' });
  expect(early).not.toHaveProperty('evidence');
});

/** Judges whether the memory API's breaker stays open if it allows so many trials, of which so many must succeed. */
function staysWithTrials(trials: number, trialsToClose: number, tried: number[]): string | undefined {
  const reference = facts();
  const { contract } = reference;
  const memory = { ...(contract.breakers.memory as (typeof contract.breakers)[string]), trials, trialsToClose };
  const changed = { ...reference, contract: { ...contract, breakers: { ...contract.breakers, memory } } };
  return verdicts(outagesApart.judge(both({ tried }), changed))[STAYS];
}

const inARow = (n: number) => Array.from({ length: n }, (_, index) => 2_300 + index * 50);

test.each<[string, number[], string]>([
  ['all trials of a round, although too many have failed before', inARow(10), 'PASS'],
  ['one call more than a round has', inARow(11), 'FAIL'],
  ['a round too early', [2_000, ...inARow(9)], 'FAIL'],
])('a breaker that waits for ten trials lets through %s', (_, tried, expected) => {
  expect(staysWithTrials(10, 6, tried)).toBe(expected);
});

test.each<[string, Outages, string]>([
  ['is not tried while the other is open', { trial: 0, refusedUntil: 2_900 }, 'FAIL'],
  ['may not have been asked in time', { trial: 0, refusedUntil: 2_800 }, 'INCONCLUSIVE'],
  ['is tried late, after rejections', { trial: 2_950, refusedUntil: 2_900 }, 'FAIL'],
  ['is called late', { trial: 2_950, refusedUntil: 2_800 }, 'PASS'],
  ['rejects a call during its trial', { trial: 2_095, refusedUntil: 2_900 }, 'PASS'],
  ['stays half-open', { closed: 1 }, 'FAIL'],
  ['is closed, though its callers meet the other', { answer: 503 }, 'PASS'],
  ['was closed, and nobody got an answer', { answer: 0 }, 'FAIL'],
  ['was not called any more', { alone: true }, 'INCONCLUSIVE'],
  ['was called twice', { closedCalls: 2, closed: 2 }, 'PASS'],
  ['was called once', { closedCalls: 1, closed: 1 }, 'INCONCLUSIVE'],
])('the first upstream to come back that %s', (_, how, expected) => {
  expect(judged(how)[CLOSES]).toBe(expected);
});

const observed = (how: Outages) =>
  Object.fromEntries(outagesApart.judge(both(how), facts()).map((finding) => [finding.check, finding.observed]));

/** The same history, in which the first call of a phase got no answer. */
function unanswered(phase: string): History {
  const events = both({}).inOrder();
  const first = events.findIndex((event) => event.type === 'request' && event.tags.phase === phase);
  return new History(events.with(first, request(150, 10, 0, { phase })));
}

test('a breaker whose callers get no answer fails, even if it is only one', () => {
  const verdictsOf = (phase: string) => verdicts(outagesApart.judge(unanswered(phase), facts()));
  expect(verdictsOf('2')[OPENS]).toBe('FAIL');
  expect(verdictsOf('6')[CLOSES]).toBe('FAIL');
});

test('names the requests that it judged', () => {
  const found = outagesApart.judge(both({}), facts());
  expect(Object.fromEntries(found.map(({ check, requests }) => [check, requests?.map((tags) => tags.phase)]))).toEqual({
    'opens independently: llm': ['1', '3'],
    [OPENS]: ['2', '4'],
    [STAYS]: ['2', '4', '7'],
    [CLOSES]: ['5', '6'],
    'closes independently: memory': ['7', '8'],
  });
});

test('reports the observed values', () => {
  expect(observed({})).toMatchObject({
    [STAYS]: '1 call reached it, the earliest after 2.13 s',
    [CLOSES]: '5 of 5 calls reached it: 5 × 503',
  });
  expect(observed({ tried: [] })[STAYS]).toBe('0 calls reached it');
  expect(observed({ tried: [2_300, 2_310] })[STAYS]).toBe('2 calls reached it, the earliest after 0.01 s');
  expect(observed({ trial: 0, refusedUntil: 2_900 })[CLOSES]).toBe('a call was still refused after 2.60 s');
});

test('if a failure was lost with a reused connection, the breaker may not have opened', () => {
  const events = both({ tried: [2_200] }).inOrder();
  const position = events.findIndex((event) => event.type === 'request' && event.tags.phase === '2');
  const silent = events.map((event, index) => (index === position ? { ...event, status: 0, opened: false } : event));
  const found = verdicts(outagesApart.judge(new History(silent as HistoryEvent[]), facts()));
  expect(found).toMatchObject({ 'opens independently: memory': 'INCONCLUSIVE', [STAYS]: 'INCONCLUSIVE' });
});
