import { expect, test } from 'vitest';
import { phaseTag } from '../../../harness/contract/phases.ts';
import type { HistoryEvent, RequestReceipt } from '../../../harness/history/events.ts';
import { History } from '../../../harness/history/history.ts';
import { neverReached } from '../../../harness/judge/unreached.ts';
import { facts, receipt, request, T0 } from '../../support/history.ts';

const LLM = facts('llm');
const CALLS = { endpoint: 'conversation-end', phase: '2' };
const judged = (id: number) => ({ requests: [{ phase: phaseTag({ id }) }] });

/** A failure of the upstream, which is the last thing that reaches it. */
const LAST: RequestReceipt = { ...receipt(1, 0, 10, 'groq', ['f1:status']), status: 400 };
/** Calls of a few seconds, as often as 40 in 4.9 s. */
const refused = (ms = 5, status = 503, seconds = 4.9): HistoryEvent[] =>
  Array.from({ length: 40 }, (_, index) => request(100 + (index * seconds * 1_000) / 39, ms, status, CALLS));
const logged = (to: 'open' | 'half-open' | 'closed'): HistoryEvent => ({
  type: 'transition',
  at: T0 + 20,
  breaker: 'llm',
  line: to,
  to,
});
const fault = (upstream: string, id?: string): HistoryEvent => ({
  type: 'fault',
  at: T0 + 50,
  upstream,
  asked: { kind: 'status' },
  ...(id !== undefined && { id }),
});
const cause = (...events: readonly HistoryEvent[]) => neverReached(new History([LAST, ...events]), LLM)(judged(2));

/** A call that was refused before the last one arrived, which was therefore a trial. */
const TRIAL = request(-30, 5, 503, CALLS);
const said = (value: number): HistoryEvent => ({
  type: 'metric',
  at: T0 + 200,
  metric: 'retry_after_seconds',
  value,
  tags: { phase: '2' },
});

test.each<[string, HistoryEvent[], string]>([
  [
    'is half-open',
    [logged('half-open'), ...refused()],
    'llm stays half-open, as the log says. The last call that reached it met status 400: a trial',
  ],
  ['is open', [TRIAL, logged('open'), ...refused()], 'llm stays open, as the log says, and makes no trial'],
  ['has no log', [TRIAL, ...refused()], 'llm makes no trial, although breakers.llm.recoverySeconds is 2.'],
  ['made no trial', [said(2), ...refused()], 'llm opened and never becomes half-open, although'],
  [
    'made no trial, and says when',
    [said(1_796_074_376), ...refused()],
    'is 2. It compares times of two clocks or units: Retry-After of its refusals is 1796074376 s.',
  ],
  ['is closed', [logged('closed'), ...refused()], 'llm is closed: calls that failed kept their slot'],
  [
    'refuses at once, and calls wait',
    refused(1_000),
    'They waited for 1.00 s, and an open breaker refuses at once: calls that failed kept',
  ],
  [
    'refuses with another status',
    refused(5, 500),
    'None got 503, with which llm refuses: calls that failed kept their slot',
  ],
])('if no call reaches an upstream any more, names the cause from what its breaker says: %s', (_, events, text) => {
  const found = cause(...events);
  expect(found).toContain('From 0.0 s into the scenario to its end, none of 40 calls in 4.9 s reached groq.');
  expect(found).toContain(text);
  if (text.includes('kept')) expect(found).toContain('1 call to groq had failed before');
});

test.each<[string, HistoryEvent[]]>([
  ['one more request arrived', [...refused(), receipt(2, 4_000, 5, 'groq')]],
  ['they end too soon for a trial', refused(5, 503, 3.9)],
  ['the last one was served without it', [...refused(), request(6_000, 5, 201, CALLS)]],
  ['they were rejected for what they are', refused(5, 404)],
  ['another upstream failed meanwhile, whose breaker may be the same', [fault('mem0', 'f2'), ...refused()]],
  [
    'the service was told to end',
    [{ type: 'service', at: T0 + 60, event: 'signalled', signal: 'SIGTERM' }, ...refused()],
  ],
])('says nothing if %s', (_, events) => {
  expect(cause(...events)).toBeUndefined();
});

test('slots are not said to be kept by failures if there were none', () => {
  const good = receipt(1, 0, 10, 'groq');
  const found = neverReached(new History([good, ...refused(1_000)]), LLM)(judged(2));
  expect(found).toContain('calls fail before they reach groq, although no call to it had failed');
});

test('a healed upstream is no excuse, and other checks are not explained', () => {
  expect(cause(fault('mem0'), fault('groq', 'f1'), ...refused())).toBeDefined();
  expect(neverReached(new History([LAST, ...refused()]), LLM)(judged(1))).toBeUndefined();
  expect(neverReached(new History([LAST, ...refused()]), LLM)({})).toBeUndefined();
});
