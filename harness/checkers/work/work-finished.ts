import { type History, tagsIn } from '../../history/history.ts';
import { type Finding, worst } from '../../verdict/finding.ts';
import type { BuiltInChecker, Facts } from '../lib/checker.ts';
import { judgeExcess, type Noise, noiseOf, whatIsLeft } from '../lib/noise.ts';
import { LATE_MS } from '../lib/tolerances.ts';
import {
  casesOf,
  NO_WORK,
  nameOf,
  type PromisedWork,
  promisedWork,
  timesOf,
  type WorkSeen,
  whyUnseen,
  workSeen,
} from './accepted-work.ts';

/**
 * Checks that the service finishes accepted work by itself: once the upstream works again, each upstream gets a
 * successful request for the call within the promised time, although no client makes another call. If the service is
 * restarted in between, the next process does so.
 */
export const workFinished: BuiltInChecker = {
  name: 'work-finished',
  timed: true,
  restsOn: ['steady-state', 'work-accepted'],
  undecidedBy: ['work-accepted'],
  usually:
    'No process polls for pending work, polls are too rare or start too late after a failure, or the work was only in the memory of a process that has exited.',
  fix: 'Let a worker poll for pending work at a fixed interval and directly after the start, and limit the backoff between its attempts.',
  cases: (facts) =>
    casesOf(facts, checkOf, ({ signal }) => ['withinSeconds', ...(signal === undefined ? [] : ['survives'])]),
  without: NO_WORK,
  judge: (history, facts) => promisedWork(facts).map((work) => judge(history, facts, work)),
};

const checkOf = (work: PromisedWork): string => `finishes work by itself: ${nameOf(work)}`;

function judge(history: History, facts: Facts, work: PromisedWork): Finding {
  const { upstream, upstreams, withinSeconds } = work;
  const seen = workSeen(history, work);
  const judged = {
    check: checkOf(work),
    requests: tagsIn(seen.phases),
    expected: `a successful request to ${upstreams.join(' and ')} within ${withinSeconds} s`,
    observed: upstreams.map((name) => `${name}: ${timesOf(seen.done(name).slice(0, 1), seen)}`).join('; '),
  };
  const unseen = whyUnseen(work, seen);
  if (unseen !== undefined) return { ...judged, observed: unseen, verdict: 'INCONCLUSIVE' };
  const noise = noiseOf(history, facts);
  const verdicts = upstreams.map((name) => verdictOn(seen, { name, withinSeconds, noise }));
  const verdict = worst(verdicts.map((part) => part.verdict));
  const evidence = verdicts.flatMap((part) => part.evidence);
  const untimed = verdicts.some((part) => part.verdict === 'FAIL' && part.isMissing);
  if (verdict !== 'PASS') {
    return { ...judged, verdict, ...(evidence.length > 0 && { evidence }), ...(untimed && { untimed }) };
  }
  if (seen.failed.length > 0) return { ...judged, verdict };
  return { ...judged, verdict: 'INCONCLUSIVE', evidence: [`no request met the failure of ${upstream}`] };
}

/** Judges the time of an upstream's first successful request. */
function verdictOn(
  seen: WorkSeen,
  { name, withinSeconds, noise }: { name: string; withinSeconds: number; noise: Noise },
) {
  const [first] = seen.done(name);
  const due = seen.from + withinSeconds * 1_000;
  if (first) {
    const excess = [first.at - due, LATE_MS, noise(seen.from, first.at)] as const;
    const evidence = whatIsLeft(`${name}: measured: too late by`, ...excess);
    return { verdict: judgeExcess(...excess), evidence, isMissing: false };
  }
  // It came after the phase, if at all. The machine may have delayed it while it was due, not for as long as one looks.
  const excess = [seen.until - due, LATE_MS, noise(seen.from, due + LATE_MS)] as const;
  return {
    verdict: worst([judgeExcess(...excess), 'INCONCLUSIVE']),
    evidence: whatIsLeft(`${name}: measured: missing for`, ...excess),
    isMissing: true,
  };
}
