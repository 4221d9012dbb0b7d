import { count } from '../../base/in-words.ts';
import { tagsIn } from '../../history/history.ts';
import type { Finding } from '../../verdict/finding.ts';
import { type BuiltInChecker, planned } from '../lib/checker.ts';
import { compareWithLedger, NO_LEDGER, STORED, whyNoKey } from './ledger.ts';

/**
 * Checks that an event is stored at most once if PostgreSQL commits it but the reply is lost. The service can't know
 * whether the event is stored: it must not insert it again under a new id. The table is read at the end.
 */
export const lostReplyStoredOnce: BuiltInChecker = {
  name: 'lost-reply-stored-once',
  restsOn: ['ledger-keeps-row'],
  usually:
    'An insert is repeated with a new id after its connection was lost. Repeat it with the same id, and ignore the conflict, or report the failure.',
  fix: 'Choose the id before the first attempt, and insert with `ON CONFLICT DO NOTHING`.',
  cases: (facts) =>
    facts.contract.ledger ? planned(facts, 'lost replies')?.map(() => ({ check: CHECK, promises: [STORED] })) : [],
  without: NO_LEDGER,
  judge(history, { contract: { ledger } }) {
    const phases = history.phases('lost replies');
    if (!ledger || phases.length === 0) return [];
    const judged = {
      check: CHECK,
      requests: tagsIn(phases, { about: 'lost' }),
      expected: `at most one row in ${ledger.table} for each event`,
    };
    const say = (verdict: Finding['verdict'], observed: string, evidence: string[] = []): Finding[] => [
      { ...judged, verdict, observed, evidence },
    ];
    const read = history.all('stored').at(-1);
    if (!read) return say('INCONCLUSIVE', 'the table was not read');
    if (read.problem !== undefined) return say('INCONCLUSIVE', read.problem);
    const calls = history.requestsIn(phases, { about: 'lost' });
    const unfound = whyNoKey(ledger, read, calls);
    if (unfound) return [{ ...judged, ...unfound }];
    const { acknowledged, lost, stored, repeated, describe } = compareWithLedger(ledger, read, calls);
    const hit = history
      .receipts('connection', 'database')
      .filter(({ faults }) => faults.some((fault) => fault.endsWith(':lost-reply')));
    const observed = `${count(hit.length, 'reply', 'replies')} lost: ${stored.length} of ${count(calls.length, 'event')} stored, ${repeated.length} of them more than once; ${acknowledged.length} acknowledged, ${lost.length} of them not stored`;
    if (repeated.length + lost.length > 0) return say('FAIL', observed, describe([...lost, ...repeated]));
    return say(hit.length > 0 && stored.length > 0 ? 'PASS' : 'INCONCLUSIVE', observed);
  },
};

const CHECK = 'stored once although the reply is lost';
