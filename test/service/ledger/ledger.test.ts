import { expect, test } from 'vitest';
import { Ledger, type Said } from './ledger.ts';

function ledgerOf(...answers: [conversation: string, event: string, said: Said][]): Ledger {
  const ledger = new Ledger();
  for (const answer of answers) ledger.note(...answer);
  return ledger;
}

const row = (conversation_id: string, event_id: string, complete = true) => ({ conversation_id, event_id, complete });

test('balances if the table contains all promised events', () => {
  const ledger = ledgerOf(
    ['c-1', 'e-1', 'complete'],
    ['c-1', 'e-1', 'complete'],
    ['c-2', 'e-2', 'pending'],
    ['c-3', 'e-3', 'kept'],
  );
  const rows = [row('c-1', 'e-1'), row('c-2', 'e-2', false), row('c-3', 'e-3', false), row('c-4', 'e-4')];
  expect(ledger.compare(rows)).toEqual({ acknowledged: 2, kept: 1, missing: 0, doubled: 0 });
});

test.each<[string, Said, ReturnType<typeof row>[]]>([
  ['an acknowledged event is not there', 'complete', []],
  ['an event that was said to be pending is not there', 'pending', []],
  ['an event that was said to be kept is not there', 'kept', []],
  ['the conversation has another event', 'complete', [row('c-1', 'e-2')]],
  ['an event that was said to be complete is pending', 'complete', [row('c-1', 'e-1', false)]],
])('reports a missing event if %s', (_what, said, rows) => {
  expect(ledgerOf(['c-1', 'e-1', said]).compare(rows)).toMatchObject({ missing: 1 });
});

test('reports a duplicate if the table has an event twice', () => {
  expect(ledgerOf().compare([row('c-1', 'e-1'), row('c-1', 'e-2')])).toMatchObject({ doubled: 1 });
});

test('reports a duplicate if two responses had different events', () => {
  const ledger = ledgerOf(['c-1', 'e-1', 'complete'], ['c-1', 'e-2', 'complete']);
  expect(ledger.compare([row('c-1', 'e-1')])).toMatchObject({ doubled: 1, missing: 1 });
});
