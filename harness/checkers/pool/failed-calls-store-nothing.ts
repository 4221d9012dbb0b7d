import { count } from '../../base/in-words.ts';
import { promisedAnswer } from '../../contract/schema/on-fault.ts';
import { type History, tagsIn } from '../../history/history.ts';
import type { Finding } from '../../verdict/finding.ts';
import { type BuiltInChecker, type Facts, isServed, planned } from '../lib/checker.ts';
import { compareWithLedger, whyNoKey } from './ledger.ts';

/** Maximum number of rows to list. */
const SHOWN = 10;

/**
 * Checks that a call which fails with one of the statuses in `storesNothing` leaves no row in the table of the ledger. The
 * calls fail with their upstreams. The table is read afterwards, and must have a row of a call that was served.
 */
export const failedCallsStoreNothing: BuiltInChecker = {
  name: 'failed-calls-store-nothing',
  restsOn: ['steady-state', 'ledger-keeps-row'],
  usually:
    'The row is written before the call to the upstream, or in a transaction that is committed in spite of the error.',
  fix: 'Write the row after the last call to an upstream, or write it in a transaction that is rolled back if the call fails.',
  cases: (facts) =>
    planned(facts, 'failing') &&
    promising(facts)
      .filter((promise) => mayFail(facts, promise))
      .map(({ endpoint }) => ({ check: checkOf(endpoint), promises: [['endpoints', endpoint, 'storesNothing']] })),
  without: 'no endpoint whose upstreams fail promises `endpoints.NAME.storesNothing`',
  judge: (history, facts) =>
    promising(facts)
      .filter((promise) => mayFail(facts, promise))
      .map((promise) => judgeRows(history, facts, promise)),
};

const checkOf = (endpoint: string): string => `failed calls store nothing: ${endpoint}`;

interface Promising {
  readonly endpoint: string;
  readonly statuses: readonly number[];
}

const promising = ({ contract: { endpoints, ledger } }: Facts): Promising[] =>
  Object.entries(endpoints).flatMap(([endpoint, { storesNothing: statuses }]) =>
    statuses && ledger ? { endpoint, statuses } : [],
  );

/** Whether a call may get one of the statuses in the scenario: not if the contract promises other answers there. */
function mayFail(facts: Facts, { endpoint, statuses }: Promising): boolean {
  const { onFault = {} } = facts.contract.endpoints[endpoint] ?? {};
  const phases = planned(facts, 'failing')?.filter((phase) => phase.endpoint === endpoint);
  return (
    phases === undefined ||
    phases.some(({ fault, upstream }) => {
      const { answer = 'error' } = promisedAnswer(onFault, fault, upstream) ?? {};
      return answer === 'error' || (typeof answer === 'number' && statuses.includes(answer));
    })
  );
}

function judgeRows(history: History, facts: Facts, { endpoint, statuses }: Promising): Finding {
  const { ledger } = facts.contract;
  const phases = history.phases('failing', { endpoint });
  const judged = {
    check: checkOf(endpoint),
    requests: tagsIn(phases, { endpoint }),
    expected: `no row in ${ledger?.table} for a call that fails with ${statuses.join(', ')}`,
  };
  const read = history.all('stored').at(-1);
  if (!ledger || read === undefined) return { ...judged, observed: 'the table was not read', verdict: 'INCONCLUSIVE' };
  if (read.problem !== undefined) return { ...judged, observed: read.problem, verdict: 'INCONCLUSIVE' };
  const calls = history.requestsIn(phases, { endpoint }).filter(({ tags }) => tags.key !== undefined);
  const failed = calls.filter(({ status }) => statuses.includes(status));
  const { stored } = compareWithLedger(ledger, read, failed);
  const served = calls.filter((call) => isServed(facts, call));
  // A key that is not that of the row would find no row of any call.
  const isFound = compareWithLedger(ledger, read, served).stored.length > 0;
  const unseen = statuses.filter((status) => !failed.some((call) => call.status === status));
  const evidence = [
    ...stored
      .slice(0, SHOWN)
      .map((call) => `${ledger.column} ${call.tags.key}: the call got ${call.status} (${history.titleOf(call.tags)})`),
    ...(unseen.length > 0 ? [`no call failed with ${unseen.join(', ')}`] : []),
    ...(isFound ? [] : [`no row of ${count(served.length, 'served call')} is found by \`ledger.key\` either`]),
  ];
  return {
    ...judged,
    observed: `${count(stored.length, 'row')} of ${count(failed.length, 'failed call')}`,
    verdict: stored.length > 0 ? 'FAIL' : failed.length > 0 && isFound ? 'PASS' : 'INCONCLUSIVE',
    ...(evidence.length > 0 && { evidence }),
    ...(stored.length === 0 && whyNoKey(ledger, read, served)),
  };
}
