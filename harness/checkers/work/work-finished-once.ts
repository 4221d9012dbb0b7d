import { type History, tagsIn } from '../../history/history.ts';
import type { Finding } from '../../verdict/finding.ts';
import type { BuiltInChecker } from '../lib/checker.ts';
import { CLOCKS_MS } from '../lib/tolerances.ts';
import {
  casesOf,
  NO_WORK,
  nameOf,
  type PromisedWork,
  promisedWork,
  timesOf,
  whyUnseen,
  workSeen,
} from './accepted-work.ts';

/**
 * Checks that accepted work is not finished twice: once an upstream has served a request for the call, it gets no other
 * request for it, neither while another upstream fails nor after the work was finished, even if the upstream would
 * reject it. The script watches for as long as finishing may take.
 */
export const workFinishedOnce: BuiltInChecker = {
  name: 'work-finished-once',
  restsOn: ['steady-state', 'work-accepted'],
  undecidedBy: ['work-accepted', 'work-finished'],
  usually:
    'Finished work is not marked as such, several workers take the same work, or the steps before the failed one are repeated.',
  fix: 'Store the completion of each step together with its result. Claim work before you process it, for example with `FOR UPDATE SKIP LOCKED` and a lease that is longer than the work takes.',
  cases: (facts) => casesOf(facts, checkOf, () => ['upstreams']),
  without: NO_WORK,
  judge: (history, facts) => promisedWork(facts).map((work) => judge(history, work)),
};

const checkOf = (work: PromisedWork): string => `finishes work once: ${nameOf(work)}`;

function judge(history: History, work: PromisedWork): Finding {
  const { upstream, upstreams, withinSeconds } = work;
  const seen = workSeen(history, work);
  const judged = {
    check: checkOf(work),
    requests: tagsIn(seen.phases),
    expected: `no request to ${upstreams.join(' or ')} after a successful one`,
    observed: upstreams.map((name) => `${name}: ${timesOf(seen.done(name), seen)}`).join('; '),
  };
  if (upstreams.some((name) => seen.done(name).length > 1)) return { ...judged, verdict: 'FAIL' };
  const unseen = whyUnseen(work, seen);
  if (unseen !== undefined) return { ...judged, observed: unseen, verdict: 'INCONCLUSIVE' };
  const isFinished = upstreams.every((name) => seen.done(name).length === 1);
  const [finished] = seen.done(upstream);
  const watchedMs = finished ? seen.until - finished.at + CLOCKS_MS : 0;
  if (isFinished && watchedMs >= withinSeconds * 1_000) return { ...judged, verdict: 'PASS' };
  return { ...judged, verdict: 'INCONCLUSIVE', evidence: [`not watched for ${withinSeconds} s after it was finished`] };
}
