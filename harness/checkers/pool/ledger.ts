import { count } from '../../base/in-words.ts';
import type { Contract } from '../../contract/contract.ts';
import type { PromisePath } from '../../contract/promise-path.ts';
import type { HistoryEvent, RequestSample } from '../../history/events.ts';
import type { Finding } from '../../verdict/finding.ts';

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

/** The form of `${unique}`: see scenarios/lib/service.ts. */
const UNIQUE = /(?<!\d)\d{1,6}-\d{1,9}-[0-9a-z]{8}(?![0-9a-z])/;

/**
 * Returns what to say instead of a loss if the contract's key can't be that of any row: none of the acknowledged
 * requests has a row with its key, but the text of one of them is in another key. Undefined otherwise.
 */
export function whyNoKey(
  ledger: Ledger,
  stored: Stored,
  calls: readonly RequestSample[],
): Pick<Finding, 'observed' | 'usually' | 'verdict' | 'changes' | 'lasting'> | undefined {
  const { acknowledged, lost } = compareWithLedger(ledger, stored, calls);
  if (lost.length === 0 || lost.length < acknowledged.length) return undefined;
  const keys = Object.keys(stored.rows);
  for (const { tags } of lost) {
    const [unique] = UNIQUE.exec(tags.key ?? '') ?? [];
    const found = unique === undefined ? undefined : keys.find((key) => key.includes(unique));
    if (unique === undefined || found === undefined) continue;
    const key = found.replace(unique, '${unique}');
    return {
      observed: `no row has the key "${tags.key}"; there is one with "${found}"`,
      usually: `\`ledger.key\` in the contract does not say what \`ledger.column\` contains: write \`key: ${JSON.stringify(key)}\` instead of ${JSON.stringify(ledger.key)}. Until then, a lost row can't be told from one that is not found.`,
      verdict: 'INCONCLUSIVE',
      changes: [{ path: ['ledger', 'key'], value: key }],
      lasting: true,
    };
  }
  return undefined;
}
