import { count } from '../../base/in-words.ts';
import type { Contract } from '../../contract/contract.ts';
import type { HistoryEvent, RequestSample } from '../../history/events.ts';

type Ledger = NonNullable<Contract['ledger']>;
type Stored = Extract<HistoryEvent, { type: 'stored' }>;

/** Returns the acknowledged events, and which of them are missing from the ledger or stored more than once. */
export function compareWithLedger({ acknowledged }: Ledger, { rows }: Stored, calls: readonly RequestSample[]) {
  const rowsOf = (key = '') => (Object.hasOwn(rows, key) ? (rows[key] ?? 0) : 0);
  const events = calls.filter(({ status }) => acknowledged.includes(status));
  const lost = events.filter(({ tags }) => rowsOf(tags.key) === 0);
  const doubled = events.filter(({ tags }) => rowsOf(tags.key) > 1);
  const evidence = [...lost, ...doubled].map(({ tags }) => `${tags.key}: ${count(rowsOf(tags.key), 'row')}`);
  return { acknowledged: events, lost, doubled, evidence };
}
