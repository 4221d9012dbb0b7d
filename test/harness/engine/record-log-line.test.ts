import { expect, test } from 'vitest';
import { recordLogLine } from '../../../harness/engine/record-log-line.ts';
import type { HistoryEvent } from '../../../harness/history/events.ts';

function recorded(line: object | string): HistoryEvent[] {
  const events: HistoryEvent[] = [];
  recordLogLine(typeof line === 'string' ? line : JSON.stringify(line), (event) => events.push(event));
  return events;
}

const REFUSED = "'undefined' is an invalid value for metric 'told_price', a number or a boolean value is expected";

test('an error of the script is recorded', () => {
  expect(recorded({ level: 'error', msg: 'Uncaught' })).toEqual([
    { type: 'engine', at: expect.any(Number), event: 'error', text: 'Uncaught' },
  ]);
});

test('a value that a metric refuses is an error, because fewer samples are judged than the script has sent', () => {
  expect(recorded({ level: 'warning', msg: REFUSED })).toMatchObject([
    { event: 'error', text: REFUSED, refusedValue: true },
  ]);
});

test('a pause of the generator is recorded', () => {
  const pause = { level: 'warning', source: 'event-loop', at: 5, ms: 120, msg: 'paused' };
  expect(recorded(pause)).toEqual([{ type: 'stall', at: 5, ms: 120, of: 'generator' }]);
});

test.each([
  ['another warning', { level: 'warning', msg: 'Request Failed' }],
  ['what the script prints', { level: 'error', source: 'console', msg: REFUSED }],
  ['crossed thresholds', { level: 'error', msg: "thresholds on metrics 'checks' have been crossed" }],
  ['text that is not JSON', 'running'],
  ['broken JSON', '{"level":"error"'],
])('%s is not recorded', (_, line) => {
  expect(recorded(line)).toEqual([]);
});
