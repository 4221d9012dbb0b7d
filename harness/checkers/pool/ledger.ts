import { count } from '../../base/in-words.ts';
import type { Contract } from '../../contract/contract.ts';
import type { PromisePath } from '../../contract/promise-path.ts';
import type { HistoryEvent, RequestSample } from '../../history/events.ts';

type Ledger = NonNullable<Contract['ledger']>;
/** Why a contract may have no ledger. */
export const NO_LEDGER = 'the contract describes no ledger';

/** The promise that acknowledged requests are stored. */
export const STORED: PromisePath = ['ledger', 'acknowledged'];

type Stored = Extract<HistoryEvent, { type: 'stored' }>;

/**
 * Compares requests with the ledger. Returns those that were acknowledged, and which of them are missing or stored more
 * than once. `stored` and `repeated` include requests that were not acknowledged.
 */
export function compareWithLedger({ acknowledged }: Ledger, { rows }: Stored, calls: readonly RequestSample[]) {
  const rowsOf = ({ tags: { key = '' } }: RequestSample) => (Object.hasOwn(rows, key) ? (rows[key] ?? 0) : 0);
  const events = calls.filter(({ status }) => acknowledged.includes(status));
  const lost = events.filter((call) => rowsOf(call) === 0);
  const stored = calls.filter((call) => rowsOf(call) > 0);
  const repeated = stored.filter((call) => rowsOf(call) > 1);
  const doubled = repeated.filter(({ status }) => acknowledged.includes(status));
  const describe = (of: readonly RequestSample[]) =>
    of.map((call) => `${call.tags.key}: ${count(rowsOf(call), 'row')}`);
  return { acknowledged: events, lost, doubled, evidence: describe([...lost, ...doubled]), stored, repeated, describe };
}
