import { expect, test } from 'vitest';
import { breakerCoversEndpoints } from '../../../../harness/checkers/breaker/breaker-covers-endpoints.ts';
import { breakerRefusesAtOnce } from '../../../../harness/checkers/breaker/breaker-refuses-at-once.ts';
import { breakerSaysWhen } from '../../../../harness/checkers/breaker/breaker-says-when.ts';
import type { Checker, Facts } from '../../../../harness/checkers/lib/checker.ts';
import type { HistoryEvent } from '../../../../harness/history/events.ts';
import { History } from '../../../../harness/history/history.ts';
import { begun, facts, metric, receipt, request, requests } from '../../../support/history.ts';

const LLM = facts('llm');
const [OWN, OTHER] = ['conversation-end', 'activities-suggest'] as const;
const COVERS = `goes through the breaker: ${OTHER}`;
const REFUSED = `refused while open: ${OTHER}`;
const AT_ONCE = `refuses at once: ${OTHER}`;
const SAYS = `refusals have a correct Retry-After: ${OTHER}`;

/** The breaker opens for 2 s when the last of these calls gets its response. */
const OPENING: HistoryEvent[] = [
  begun(1, { action: 'opening' }, -3_000, 0),
  ...requests(5, -3_000, 600, 502, { phase: '1', endpoint: OWN }),
  begun(3, { action: 'open, elsewhere' }, 0, 5),
  begun(2, { action: 'open' }, 1, 5),
];
const own = (status: number) => requests(3, 100, 5, status, { phase: '2', endpoint: OWN, about: 'breaker' });
const other = (status: number, ms = 5, phase = '2') =>
  requests(3, 300, ms, status, { phase, endpoint: OTHER, about: 'memory' });

const judged = (checker: Checker, events: HistoryEvent[], known: Facts = LLM) => {
  const findings = checker.judge(new History([...OPENING, ...events]), known);
  return Object.fromEntries(findings.map(({ check, verdict }) => [check, verdict]));
};

test.each<[string, HistoryEvent[], string, string]>([
  ['all refused', [...own(503), ...other(503)], 'PASS', 'PASS'],
  [
    'a call that reaches the upstream',
    [...own(503), ...other(200), receipt(6, 301, 3, 'groq')],
    'FAIL',
    'INCONCLUSIVE',
  ],
  [
    'a failing call that reaches the upstream',
    [...own(503), ...other(502), receipt(6, 301, 3, 'groq')],
    'FAIL',
    'INCONCLUSIVE',
  ],
  ['another status', [...own(503), ...other(500)], 'PASS', 'FAIL'],
  ['a status that it promises while the upstream fails', [...own(503), ...other(502)], 'PASS', 'PASS'],
  ['a made-up answer', [...own(503), ...other(200)], 'PASS', 'INCONCLUSIVE'],
  ['no answer', [...own(503), ...other(0)], 'INCONCLUSIVE', 'INCONCLUSIVE'],
  ['no call', own(503), 'INCONCLUSIVE', 'INCONCLUSIVE'],
  [
    'a breaker that is not open',
    [...own(201), ...other(200), receipt(6, 301, 3, 'groq')],
    'INCONCLUSIVE',
    'INCONCLUSIVE',
  ],
  ['no call of its own endpoint', other(503), 'INCONCLUSIVE', 'INCONCLUSIVE'],
  [
    'a call that may be a trial',
    [...own(503), request(1_990, 5, 200, { phase: '2', endpoint: OTHER }), receipt(6, 1_991, 3, 'groq')],
    'INCONCLUSIVE',
    'INCONCLUSIVE',
  ],
])('judges other endpoints while the breaker is open: %s', (_, events, covers, refused) => {
  expect(judged(breakerCoversEndpoints, events)).toEqual({ [COVERS]: covers, [REFUSED]: refused });
});

test('names the endpoint that bypasses the breaker', () => {
  const history = new History([...OPENING, ...own(503), ...other(200, 5, '3'), receipt(6, 301, 3, 'groq')]);
  const [finding] = breakerCoversEndpoints.judge(history, LLM);
  expect(finding?.evidence).toEqual([
    `${OTHER} bypasses the breaker, or has its own: its calls reach groq while those of ${OWN} are refused`,
  ]);
});

test('an endpoint that is served without the upstream must not reach it either', () => {
  const { contract } = LLM;
  const suggest = contract.endpoints[OTHER] as (typeof contract.endpoints)[string];
  const endpoints = { ...contract.endpoints, [OTHER]: { ...suggest, servedWithout: ['groq'] } };
  const without = { ...LLM, contract: { ...contract, endpoints } };
  expect(judged(breakerCoversEndpoints, [...own(503), ...other(200)], without)).toEqual({ [COVERS]: 'PASS' });
  expect(judged(breakerCoversEndpoints, [...own(503), ...other(200), receipt(6, 301, 3, 'groq')], without)).toEqual({
    [COVERS]: 'FAIL',
  });
});

test('with two breakers of one upstream, it is not known which one protects another endpoint', () => {
  const { contract } = LLM;
  const memory = contract.breakers.memory as (typeof contract.breakers)[string];
  const breakers = { ...contract.breakers, memory: { ...memory, upstream: 'groq' } };
  expect(breakerCoversEndpoints.cases?.({ ...LLM, contract: { ...contract, breakers } })).toEqual([]);
});

test.each<[string, HistoryEvent[], string]>([
  ['refused at once', [...own(503), ...other(503)], 'PASS'],
  ['refused after a wait', [...own(503), ...other(503, 400)], 'FAIL'],
  ['no call', own(503), 'INCONCLUSIVE'],
])('judges the time of refusals of other endpoints: %s', (_, events, verdict) => {
  expect(judged(breakerRefusesAtOnce, events)[AT_ONCE]).toBe(verdict);
});

const said = (seconds: number, tags: Record<string, string> = { endpoint: OTHER }) =>
  metric('retry_after_seconds', 305, seconds, { phase: '2', ...tags });

test.each<[string, HistoryEvent[], string]>([
  ['a correct one', [...other(503), said(2)], 'PASS'],
  ['none', [...other(503), said(-1), said(2, {})], 'FAIL'],
  ['one that is too short', [...other(503), said(0)], 'FAIL'],
  ['only that of its own endpoint', [...other(503), said(2, {})], 'INCONCLUSIVE'],
  ['calls that got a promised status instead', other(502), 'PASS'],
  ['calls that got a status that is not promised', other(500), 'INCONCLUSIVE'],
])('judges the Retry-After of other endpoints: %s', (_, events, verdict) => {
  expect(judged(breakerSaysWhen, [...own(503), ...events])[SAYS]).toBe(verdict);
});

test.each([
  [503, 500, 'activities-suggest reports the open breaker with 500: it seems not to handle the rejection.'],
  [429, 429, 'The open breaker refuses all calls with 429 instead of 503, also those of conversation-end.'],
])('says whether only one endpoint refuses with another status (%i, %i)', (ownStatus, status, usually) => {
  const findings = breakerCoversEndpoints.judge(new History([...OPENING, ...own(ownStatus), ...other(status)]), LLM);
  expect(findings.find(({ check }) => check === REFUSED)).toMatchObject({ verdict: 'FAIL', usually });
});
