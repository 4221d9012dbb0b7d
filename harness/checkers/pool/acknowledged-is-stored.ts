import { count } from '../../base/in-words.ts';
import type { ActionPhase } from '../../contract/phases.ts';
import { type History, type PhaseEntry, tagsIn } from '../../history/history.ts';
import type { Finding } from '../../verdict/finding.ts';
import { type BuiltInChecker, type Facts, planned } from '../lib/checker.ts';
import { compareWithLedger, NO_LEDGER, STORED, whyNoKey } from './ledger.ts';

/** Minimum number of acknowledged events before and after the service is terminated. */
const ENOUGH = 5;

/**
 * Checks that acknowledged events are stored exactly once, no matter how the service is terminated: each acknowledged
 * key must have one row.
 *
 * The script keeps calling the ledger endpoint, with each request's key in the tag `key`. The table is read afterwards.
 */
export const acknowledgedIsStored: BuiltInChecker = {
  name: 'acknowledged-is-stored',
  restsOn: ['ledger-keeps-row'],
  usually: 'The service responds before the commit, or does not finish requests in flight on SIGTERM.',
  fix: 'Respond after the commit. On SIGTERM, stop accepting, finish the requests in progress, and then close the pool.',
  cases: (facts) =>
    facts.contract.ledger
      ? planned(facts, 'terminated')?.map(({ signal }) => ({ check: checkOf(signal), promises: [STORED] }))
      : [],
  without: NO_LEDGER,
  judge: (history, facts) =>
    facts.contract.ledger ? history.phases('terminated').map((phase) => judgeLedger(history, facts, phase)) : [],
};

const checkOf = (signal: string): string => `acknowledged is stored: ${signal}`;

function judgeLedger(
  history: History,
  { contract: { ledger } }: Facts,
  phase: PhaseEntry<ActionPhase<'terminated'>>,
): Finding {
  if (!ledger) throw new Error('the contract describes no ledger');
  const { at, signal } = phase;
  const expected = `one row in ${ledger.table} for each acknowledged event`;
  const judged = { check: checkOf(signal), expected, requests: tagsIn(phase) };
  const read = history.all('stored').find((reading) => reading.at > at);
  const calls = history.requestsIn(phase).filter(({ tags }) => tags.key !== undefined);
  const ended = endOf(history, at)?.at;
  if (read?.problem !== undefined) return { ...judged, observed: read.problem, verdict: 'INCONCLUSIVE' };
  if (!read || ended === undefined) {
    return {
      ...judged,
      observed: read ? 'the service did not end' : 'the table was not read',
      verdict: 'INCONCLUSIVE',
    };
  }
  const unfound = whyNoKey(ledger, read, calls);
  if (unfound) return { ...judged, ...unfound };
  const { acknowledged, lost, doubled, evidence } = compareWithLedger(ledger, read, calls);
  const before = acknowledged.filter((call) => call.at + call.ms < ended).length;
  const enough = before >= ENOUGH && acknowledged.length - before >= ENOUGH;
  return {
    ...judged,
    observed: `${count(acknowledged.length, 'event')} acknowledged, ${before} of them before the service was stopped; ${lost.length} lost, ${doubled.length} stored more than once`,
    evidence,
    verdict: lost.length + doubled.length > 0 ? 'FAIL' : enough ? 'PASS' : 'INCONCLUSIVE',
  };
}

const endOf = (history: History, from: number) =>
  history.all('service').find(({ at, event, asked }) => event === 'exited' && asked && at > from);
