import { count } from '../../base/in-words.ts';
import { tagsIn } from '../../history/history.ts';
import type { Finding } from '../../verdict/finding.ts';
import type { BuiltInChecker } from '../lib/checker.ts';
import { compareWithLedger, NO_LEDGER, STORED, whyNoKey } from './ledger.ts';

/**
 * Checks that events that the service acknowledges while its database is broken are stored exactly once. An event that
 * it can't store must be rejected.
 *
 * The script calls the ledger endpoint during each outage, with each request's key in the tag `key`. The table is read
 * once the database is back.
 */
export const acknowledgedInAnOutage: BuiltInChecker = {
  name: 'acknowledged-in-an-outage',
  restsOn: ['ledger-keeps-row', 'database-outage-survived'],
  usually: 'The service responds before the commit, or repeats an insert with a new key if its response was lost.',
  fix: 'Respond after the commit. Repeat an insert only with the same key, and ignore the conflict.',
  cases: ({ contract: { ledger } }) => (ledger ? [{ check: CHECK, promises: [STORED] }] : []),
  without: NO_LEDGER,
  judge(history, { contract: { ledger } }) {
    if (!ledger) return [];
    const { endpoint, table } = ledger;
    const phases = history.phases('database outage');
    const tags = { about: 'during', endpoint };
    const calls = phases.map((phase) => history.requestsIn(phase, tags));
    const judged = {
      check: CHECK,
      requests: tagsIn(phases, tags),
      expected: `one row in ${table} for each acknowledged event`,
    };
    const say = (verdict: Finding['verdict'], observed: string, evidence: string[] = []): Finding[] => [
      { ...judged, verdict, observed, evidence },
    ];
    const read = history.all('stored').at(-1);
    if (!read) return say('INCONCLUSIVE', 'the table was not read');
    if (read.problem !== undefined) return say('INCONCLUSIVE', read.problem);
    const unfound = whyNoKey(ledger, read, calls.flat());
    if (unfound) return [{ ...judged, ...unfound }];
    const { acknowledged, lost, doubled, evidence } = compareWithLedger(ledger, read, calls.flat());
    const observed = `${acknowledged.length} of ${count(calls.flat().length, 'event')} acknowledged; ${lost.length} lost, ${doubled.length} stored more than once`;
    if (evidence.length > 0) return say('FAIL', observed, evidence);
    // The check can only fail if there were calls during each outage.
    const isCalled = calls.length > 0 && calls.every((of) => of.length > 0);
    return say(isCalled ? 'PASS' : 'INCONCLUSIVE', observed);
  },
};

const CHECK = 'acknowledged in an outage is stored';
