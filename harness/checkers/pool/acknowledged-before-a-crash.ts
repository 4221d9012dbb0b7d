import { count } from '../../base/in-words.ts';
import type { ActionPhase } from '../../contract/phases.ts';
import { type History, isWithin, type PhaseEntry, tagsIn } from '../../history/history.ts';
import type { Finding } from '../../verdict/finding.ts';
import { type BuiltInChecker, type Facts, planned } from '../lib/checker.ts';
import { answered } from '../lib/request-times.ts';
import { compareWithLedger, NO_LEDGER, STORED, whyNoKey } from './ledger.ts';

/**
 * Maximum time between a recent acknowledgement and the crash, in milliseconds. A commit that is not flushed stays in
 * memory for longer, because the lab's server delays its WAL writer (`lab/postgres/server-settings.ts`).
 */
const RECENT_MS = 1_000;
/** Minimum number of recent acknowledgements. */
const ENOUGH = 5;

/**
 * Checks that events that the service acknowledges are stored exactly once, even if the database crashes immediately
 * afterwards. Commits that wait in the database's memory are lost in a crash, although no error is ever reported.
 *
 * The script writes to the ledger endpoint until the database crashes, with each request's key in the tag `key`. The
 * table is read once the database is back.
 */
export const acknowledgedBeforeACrash: BuiltInChecker = {
  name: 'acknowledged-before-a-crash',
  restsOn: ['ledger-keeps-row'],
  usually:
    'The service responds before the commit is on disk: its connections have `synchronous_commit` off, or it commits after the response. If a row is there twice, it repeats an insert with a new key.',
  fix: "Remove `SET synchronous_commit = off` (also in the URL, the role and the pool's options), and respond after the commit.",
  cases: (facts) =>
    facts.contract.ledger
      ? planned(facts, 'written until a crash')?.map(() => ({ check: CHECK, promises: [STORED] }))
      : [],
  without: NO_LEDGER,
  judge: (history, facts) =>
    history.phases('written until a crash').flatMap((phase) => judgeCrash(history, facts, phase)),
};

const CHECK = 'acknowledged before a crash is stored';

function judgeCrash(
  history: History,
  { contract: { ledger } }: Facts,
  phase: PhaseEntry<ActionPhase<'written until a crash'>>,
): Finding[] {
  if (!ledger) return [];
  const tags = { about: 'written' };
  const judged = {
    check: CHECK,
    requests: tagsIn(phase, tags),
    expected: `one row in ${ledger.table} for each acknowledged event`,
  };
  const say = (verdict: Finding['verdict'], observed: string, evidence: string[] = []): Finding[] => [
    { ...judged, verdict, observed, evidence },
  ];
  const read = history.all('stored').at(-1);
  if (!read) return say('INCONCLUSIVE', 'the table was not read');
  if (read.problem !== undefined) return say('INCONCLUSIVE', read.problem);
  const stop = history.disruptable().find((receipt) => receipt.kind === 'refusing' && isWithin(receipt, phase));
  if (!stop) return say('INCONCLUSIVE', 'the database did not crash');

  const calls = history.requestsIn(phase, tags);
  const unfound = whyNoKey(ledger, read, calls);
  if (unfound) return [{ ...judged, ...unfound }];
  const { acknowledged, lost, doubled, describe } = compareWithLedger(ledger, read, calls);
  const msBefore = (call: (typeof acknowledged)[number]) => stop.at - answered(call);
  const recent = acknowledged.filter((call) => msBefore(call) <= RECENT_MS);
  const observed = `${count(acknowledged.length, 'event')} acknowledged, ${recent.length} of them in the last second before the crash or later; ${lost.length} lost, ${doubled.length} stored more than once`;
  if (lost.length + doubled.length > 0) {
    const when = lost.map((call) => `${describe([call])}, acknowledged ${inWords(msBefore(call))} the crash`);
    return say('FAIL', observed, [...when, ...describe(doubled)]);
  }
  if (recent.length >= ENOUGH) return say('PASS', observed);
  return say('INCONCLUSIVE', `${observed}. A crash can lose only recent events: at least ${ENOUGH} are needed`);
}

const inWords = (msBefore: number): string =>
  `${Math.abs(Math.round(msBefore))} ms ${msBefore < 0 ? 'after' : 'before'}`;
