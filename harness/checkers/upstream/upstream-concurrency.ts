import { count } from '../../base/in-words.ts';
import type { Action } from '../../contract/phase.ts';
import type { History } from '../../history/history.ts';
import type { Finding } from '../../verdict/finding.ts';
import { mostAtOnce } from '../lib/at-once.ts';
import { type Checker, type Facts, tally } from '../lib/checker.ts';
import { noiseOf } from '../lib/noise.ts';
import { firstSent, lastSent } from '../lib/request-times.ts';

/** Machine noise from which on calls may not have arrived in time, in milliseconds. The script waits 3 s for them. */
const SLOW_MS = 1_500;

/**
 * Checks that as many calls as the contract promises are in progress at an upstream at the same time, and never more.
 * The upstream holds all calls of the phase, and more callers come than it may have calls.
 */
export const upstreamConcurrency: Checker = {
  name: 'upstream-concurrency',
  restsOn: ['steady-state'],
  usually:
    'Nothing limits the calls, each endpoint or client has its own limit, or a lock, a pool or a single worker serves fewer callers.',
  judge: (history, facts) =>
    Object.entries(facts.contract.upstreams).flatMap(([upstream, { concurrency }]) =>
      concurrency === undefined ? [] : judge(history, facts, upstream, concurrency),
    ),
};

function judge(history: History, facts: Facts, upstream: string, promised: number): Finding[] {
  const phase: Action = `crowd at ${upstream}`;
  const [sent, arrived] = [history.sent({ phase }), history.receiptsIn(phase, upstream)];
  const most = mostAtOnce(arrived);
  const judged = {
    requests: [{ phase }],
    observed: `at most ${most}, for ${count(sent.length, 'caller')}: ${tally(sent.map(({ status }) => status))}`,
  };
  const isEnough = sent.length > promised && arrived.length > 0;
  const isSlow = noiseOf(history, facts)(firstSent(sent), lastSent(sent) + SLOW_MS) >= SLOW_MS;
  return [
    {
      ...judged,
      check: `not too many calls at once: ${upstream}`,
      expected: `never more than ${count(promised, 'call')} at once`,
      verdict: most > promised ? 'FAIL' : isEnough ? 'PASS' : 'INCONCLUSIVE',
    },
    {
      ...judged,
      check: `enough calls at once: ${upstream}`,
      expected: `${count(promised, 'call')} at once`,
      verdict: most >= promised ? 'PASS' : isEnough && !isSlow ? 'FAIL' : 'INCONCLUSIVE',
    },
  ];
}
