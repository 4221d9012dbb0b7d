import { expect, test } from 'vitest';
import { faultsDelivered } from '../../../../harness/checkers/foundation/faults-delivered.ts';
import { type Facts, poolOf } from '../../../../harness/checkers/lib/checker.ts';
import { recovers } from '../../../../harness/checkers/load/recovers.ts';
import type { HistoryEvent } from '../../../../harness/history/events.ts';
import { History } from '../../../../harness/history/history.ts';
import { begun, facts, handshakeFailed, receipt, request, T0, verdicts } from '../../../support/history.ts';

const LLM = facts('llm');

const heal = (at: number): HistoryEvent => ({ type: 'fault', at: T0 + at, upstream: 'groq', asked: {} });
const requested = (id: string | undefined, at: number, fault: Record<string, unknown> = {}): HistoryEvent => ({
  type: 'fault',
  at: T0 + at,
  upstream: 'groq',
  asked: { kind: 'status', ...fault },
  ...(id !== undefined && { id }),
});

test.each<[string, HistoryEvent[], boolean]>([
  ['a request went without it', [requested('f1', 0), receipt(1, 5, 1, 'groq')], true],
  [
    'a request went without one of two',
    [requested('f1', 0, { next: 2 }), receipt(1, 5, 1, 'groq', ['f1:status']), receipt(2, 9, 1, 'groq')],
    true,
  ],
  ['nobody called', [requested('f1', 0)], false],
  ['somebody called before', [receipt(1, -5, 1, 'groq'), requested('f1', 0)], false],
  [
    'somebody called once it was healed',
    [requested('f1', 0), requested(undefined, 5), receipt(1, 9, 1, 'groq')],
    false,
  ],
  ['somebody called another upstream', [requested('f1', 0), receipt(1, 5, 1, 'mem0')], false],
])('a fault that was not delivered voids the run only if the fakes caused it: %s', (_, events, voids) => {
  const [finding] = faultsDelivered.judge(new History(events), LLM);
  expect(finding).toMatchObject({ check: 'faults delivered', verdict: 'INCONCLUSIVE' });
  expect(finding?.voids === 'everything').toBe(voids);
});

test.each<[string, HistoryEvent[], boolean]>([
  [
    'another upstream was healed',
    [requested('f1', 0), { ...(heal(2) as object), upstream: 'mem0' } as HistoryEvent, receipt(1, 5, 1, 'groq')],
    true,
  ],
  [
    'another fault was asked for',
    [requested('f1', 0), requested('f2', 2), receipt(1, 5, 1, 'groq', ['f2:status'])],
    true,
  ],
  ['an earlier one was healed', [requested(undefined, -5), requested('f1', 0), receipt(1, 5, 1, 'groq')], true],
  ['a handshake failed', [requested('f1', 0), handshakeFailed(1, 5, 'groq')], false],
  ['one of two was withheld', [requested('f1', 0), receipt(1, 5, 1, 'groq'), requested('f2', 9)], true],
])('whether a fault was withheld if %s', (_, events, voids) => {
  expect(faultsDelivered.judge(new History(events), LLM)[0]?.voids === 'everything').toBe(voids);
});

test('reports how many requests got a fault, and a larger number is no delivery either', () => {
  const got = (id: string, seq: number) => receipt(seq, seq, 1, 'groq', [`${id}:status`]);
  const all = [requested('f1', 0), requested('f2', 0, { next: 1 }), got('f1', 1), got('f1', 2), got('f2', 3)];
  expect(faultsDelivered.judge(new History(all), LLM)).toMatchObject([
    { verdict: 'PASS', observed: 'all, on 3 requests' },
  ]);
  const [more] = faultsDelivered.judge(new History([...all, got('f2', 4)]), LLM);
  expect(more).toMatchObject({ verdict: 'INCONCLUSIVE', observed: 'status at groq: 2 of 1 delivered' });
  expect(more?.voids).toBeUndefined();
  expect(faultsDelivered.judge(new History([got('f1', 1)]), LLM)).toMatchObject([{ verdict: 'INCONCLUSIVE' }]);
});

test('a fault of which a part was delivered may be delivered whole in another run', () => {
  const lasting = (...got: HistoryEvent[]) =>
    faultsDelivered.judge(new History([requested('f1', 0, { next: 2 }), ...got]), LLM)[0]?.lasting;
  expect(lasting()).toBe(true);
  expect(lasting(receipt(1, 5, 1, 'groq', ['f1:latency']))).toBeUndefined();
});

test('faults whose IDs begin with the same digits are distinguished', () => {
  const history = new History([requested('f1', 0), receipt(1, 5, 1, 'groq', ['f12:status'])]);
  expect(faultsDelivered.judge(history, LLM)[0]).toMatchObject({
    observed: 'status at groq: 0 of at least 1 delivered',
  });
});

const again = (...statuses: number[]): HistoryEvent[] => [
  begun(1, { action: 'steady again' }, 899, 0),
  ...statuses.map((status, index) => request(900 + index, 5, status, { phase: '1', endpoint: 'health' })),
];
const ask = (at: number, status: number) => request(at, 10, status, { endpoint: 'conversation-end' });

test.each<[string, HistoryEvent[], Record<string, string>]>([
  ['all served', again(200, 200), { 'steady state after': 'PASS' }],
  ['one refused', again(200, 503), { 'steady state after': 'FAIL' }],
  ['one unanswered', again(200, 0), { 'steady state after': 'FAIL' }],
  ['no call', [], { 'steady state after': 'INCONCLUSIVE' }],
  [
    'served after a while',
    [heal(0), ask(1, 503), ask(90, 201), ...again(200)],
    { 'steady state after': 'PASS', 'time to recover': 'PASS' },
  ],
  ['never served', [heal(0), ask(1, 503), ...again(200)], { 'steady state after': 'PASS', 'time to recover': 'FAIL' }],
  [
    'broken again first',
    [heal(0), ask(1, 503), requested('f2', 50), ask(90, 201), ...again(200)],
    { 'steady state after': 'PASS', 'time to recover': 'FAIL' },
  ],
  [
    'served at once, by another clock a little before, and refused once more',
    [heal(10), ask(2, 201), ask(30, 503), requested('f2', 50), ask(60, 503), ...again(200)],
    { 'steady state after': 'PASS', 'time to recover': 'PASS' },
  ],
  ['healed while a call failed', [ask(-5, 503), heal(0), ...again(200)], { 'steady state after': 'PASS' }],
  ['healed, but not called', [ask(-11, 201), heal(0), ...again(200)], { 'steady state after': 'PASS' }],
])('after an outage, judges %s', (_, events, expected) => {
  expect(verdicts(recovers.judge(new History(events), LLM))).toEqual(expected);
});

const UNLIMITED = { ...LLM, numbers: { ...LLM.numbers, limits: {}, requestsInProgress: {} } };
const LIMITED = { ...UNLIMITED, numbers: { ...UNLIMITED.numbers, limits: { health: { max: 2, windowSeconds: 60 } } } };

test.each<[string, Facts, HistoryEvent[], string[]]>([
  ['no promised limit', UNLIMITED, again(200, 429), ['INCONCLUSIVE']],
  ['a promised limit', LIMITED, again(200, 429), ['FAIL']],
  ['no promised limit, and by another failure', UNLIMITED, again(503, 429), ['FAIL']],
  ['no promised limit, after a heal', UNLIMITED, [heal(0), ask(1, 429), ...again(200)], ['PASS', 'INCONCLUSIVE']],
  [
    'no promised limit, and have reached the upstream',
    UNLIMITED,
    [heal(0), ask(1, 429), receipt(1, 3, 1, 'groq'), ...again(200)],
    ['PASS', 'FAIL'],
  ],
])('calls that are refused with 429 by %s are judged as %#', (_, of, events, judged) => {
  const found = recovers.judge(new History(events), of);
  expect(found.map(({ verdict }) => verdict)).toEqual(judged);
  const [open] = found.filter(({ verdict }) => verdict === 'INCONCLUSIVE');
  if (open) expect(open).toMatchObject({ lasting: true, usually: expect.stringContaining('describes no such limit') });
});

test.each([
  ['waited for a connection', poolOf(LLM).acquireTimeoutSeconds * 1_000, 'No call got a connection of the pool within'],
  ['were refused at once', 10, undefined],
])('after an outage of the database, calls that %s', (_, ms, text) => {
  const healed: HistoryEvent = { type: 'fault', at: T0, upstream: 'database', asked: { healed: 'all' } };
  const reading = request(1, ms, 503, { endpoint: poolOf(LLM).endpoint });
  const found = recovers.judge(new History([healed, reading, ...again(200)]), LLM);
  expect(found[1]).toMatchObject({ verdict: 'FAIL', observed: 'not served before the next fault: 1 × 503' });
  expect(found[1]?.usually?.includes(text ?? '')).toBe(text && true);
});

const after = (status: number, ms = 10): HistoryEvent[] => [
  begun(1, { action: 'steady again' }, 899, 0),
  request(900, ms, status, { phase: '1', endpoint: 'conversation-end' }),
];
const opened: HistoryEvent = { type: 'transition', at: T0 + 500, breaker: 'llm', line: '', to: 'open' };

test.each<[string, HistoryEvent[], string, string]>([
  [
    'its breaker opened after the outage',
    [heal(100), opened, ...after(503)],
    'conversation-end got 503 after 10 ms, without a request to groq; llm had opened 0.4 s before, as the log says',
    'llm opened 0.4 s after groq had been healed: it counts late results',
  ],
  [
    'its breaker opened when an earlier call ended',
    [
      { ...opened, at: T0 + 400, to: 'half-open' },
      opened,
      receipt(1, 10, 480, 'groq', ['f1:latency']),
      heal(600),
      ...after(503),
    ],
    'conversation-end got 503 after 10 ms, without a request to groq; llm had opened 0.4 s before, as the log says',
    'llm opened when a call ended that had begun 0.5 s earlier, before its last change of state: it counts late results.',
  ],
  [
    'the upstream answered',
    [heal(100), ...after(502), receipt(1, 902, 3, 'groq')],
    'conversation-end got 502 after 10 ms, although groq answered 200',
    'Calls of conversation-end reach groq, which answers well, and fail anyway: a failure is cached',
  ],
  [
    'nothing reached the upstream',
    [heal(100), ...after(500, 1_500)],
    'conversation-end got 500 after 1.50 s, without a request to groq',
    'Calls of conversation-end fail before they reach groq: they get no slot',
  ],
])('says of a call that is not served after an outage that %s', (_, events, evidence, usually) => {
  const [finding] = recovers.judge(new History(events), aloneWithGroq());
  expect(finding).toMatchObject({ verdict: 'FAIL', evidence: [evidence] });
  expect(finding?.usually).toContain(usually);
});

/** Facts about an endpoint that reaches no upstream but its breaker's. */
function aloneWithGroq() {
  const { endpoints } = LLM.contract;
  const own = { ...endpoints['conversation-end'], reaches: ['groq'] } as (typeof endpoints)[string];
  return { ...LLM, contract: { ...LLM.contract, endpoints: { ...endpoints, 'conversation-end': own } } };
}

test('the recovery time is never negative, even if a response appears to precede the heal', () => {
  const [, finding] = recovers.judge(
    new History([heal(10), request(1, 5, 201, { endpoint: 'conversation-end' })]),
    LLM,
  );
  expect(finding).toMatchObject({ observed: '0.00 s', secondsToRecover: 0 });
});

test('the recovery time is the longest time from a heal to a served response, as a number', () => {
  const events = [heal(0), ask(50, 503), ask(90, 201), ask(95, 201), heal(200), ask(1_690, 201)];
  const [, finding] = recovers.judge(new History(events), LLM);
  expect(finding).toMatchObject({ observed: '1.50 s, the longest of 2', secondsToRecover: 1.5 });
});
