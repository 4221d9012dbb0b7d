import { count } from '../../base/in-words.ts';
import { tagsIn } from '../../history/history.ts';
import type { Finding } from '../../verdict/finding.ts';
import type { BuiltInChecker } from '../lib/checker.ts';
import { compareWithLedger, NO_LEDGER, whyNoKey } from './ledger.ts';
import { readAfterWrite, whyNotRead } from './read-after-write.ts';

/**
 * Checks that the contract's ledger is readable and has exactly one row for each event that the script wrote before. An
 * endpoint whose path or query has the ledger's key must show a row as soon as it is stored, also if it did not find it
 * before.
 */
export const ledgerKeepsRow: BuiltInChecker = {
  name: 'ledger-keeps-row',
  restsOn: ['endpoints-served'],
  usually: 'The insert is not committed, the key is stored in another column, or the contract names the wrong table.',
  fix: 'Commit before you respond. Compare `ledger` in the contract with the table and its key.',
  cases: ({ contract: { ledger } }) =>
    ledger
      ? [{ check: checkOf(ledger.endpoint), promises: ['table', 'column', 'key'].map((field) => ['ledger', field]) }]
      : [],
  without: NO_LEDGER,
  judge(history, facts) {
    const { ledger } = facts.contract;
    if (!ledger) return [];
    const reads = readAfterWrite(history, facts);
    const notRead = whyNotRead(history, reads);
    const { endpoint, table, column, acknowledged } = ledger;
    const phases = history.phases('endpoint', { endpoint });
    const judged = {
      check: checkOf(endpoint),
      expected: `one row in ${table}, found by ${column}`,
      requests: tagsIn(phases),
    };
    const say = (verdict: Finding['verdict'], observed: string): Finding[] => [
      { ...judged, verdict, observed, ...(notRead.length > 0 && { evidence: notRead }) },
      ...reads,
    ];
    const read = history.all('stored').at(-1);
    const [call] = history.requestsIn(phases);
    if (!read) return say('INCONCLUSIVE', 'the table was not read');
    if (read.problem !== undefined) return say('FAIL', read.problem);
    if (!call || !acknowledged.includes(call.status)) return say('INCONCLUSIVE', 'no request was acknowledged');
    // Events that come later, such as those of "read after write", are stored after the table was read.
    const written = history.requestsIn(history.phases('without proof'), { endpoint, about: 'written' });
    const unfound = whyNoKey(ledger, read, [call, ...written]);
    if (unfound) return [{ ...judged, ...unfound }, ...reads];
    const { acknowledged: events, lost, doubled, evidence } = compareWithLedger(ledger, read, [call, ...written]);
    if (lost.length + doubled.length > 0)
      return say('FAIL', `of ${count(events.length, 'event')}: ${evidence.join('; ')}`);
    return say('PASS', `1 row for each of ${count(events.length, 'event')}`);
  },
};

const checkOf = (endpoint: string): string => `ledger keeps a row: ${endpoint}`;
