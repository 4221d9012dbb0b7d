import { expect, test } from 'vitest';
import type { HistoryEvent } from '../../../harness/history/events.ts';
import { History } from '../../../harness/history/history.ts';
import { notesOf } from '../../../harness/judge/notes.ts';
import { receipt as received } from '../../support/history.ts';

let seq = 0;
const receipt = (route: string, unserved?: string): HistoryEvent => {
  seq += 1;
  return { ...received(seq, 0, 5, 'payments'), route, status: 404, ...(unserved !== undefined && { unserved }) };
};

test('says which requests no handler of an upstream answered, each kind once', () => {
  const history = new History([
    receipt('GET /v2/refunds', 'no handler'),
    receipt('GET /v2/charges'),
    receipt('GET /v2/refunds', 'no handler'),
    receipt('POST /v2/refunds', 'no handler'),
  ]);
  expect(notesOf(history)).toEqual([
    'payments answered 404 to GET /v2/refunds: no handler (2 times)',
    'payments answered 404 to POST /v2/refunds: no handler',
  ]);
});

test('lists some of many', () => {
  const history = new History(Array.from({ length: 13 }, (_, index) => receipt(`GET /${index}`, 'no handler')));
  const notes = notesOf(history);
  expect(notes).toHaveLength(11);
  expect(notes.at(-1)).toBe('and 3 more kinds of request that nothing answered');
});
