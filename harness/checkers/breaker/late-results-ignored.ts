import { answerOf } from '../../history/answer-of.ts';
import type { RequestReceipt, RequestSample } from '../../history/events.ts';
import { type History, type Phases, tagsIn } from '../../history/history.ts';
import { tells } from '../../history/tells.ts';
import type { Finding } from '../../verdict/finding.ts';
import { numberOf, promiseOf } from '../lib/breaker-promises.ts';
import { type Breaker, type BuiltInChecker, type Facts, isServed, judgedBreakers, tally } from '../lib/checker.ts';
import { judgeExcess, type Noise, noiseOf, noiseOfNote, whatIsLeft } from '../lib/noise.ts';
import { openAfter } from '../lib/open-after.ts';
import { answered, lastAnswered, lastSent } from '../lib/request-times.ts';
import { EARLY_MS, LATE_MS } from '../lib/tolerances.ts';

type Judged = Pick<Finding, 'observed' | 'verdict' | 'evidence'>;

const notSeen = (observed: string): Judged => ({ observed, verdict: 'INCONCLUSIVE' });

/**
 * Checks that a call that began before the breaker opened and ends afterwards has no effect. Its success must close
 * neither an open nor a half-open breaker, and its failure must neither keep the breaker open for longer nor fail the
 * trial.
 */
export const lateResultsIgnored: BuiltInChecker = {
  name: 'late-results-ignored',
  timed: true,
  restsOn: ['breaker-opens', 'breaker-reopens', 'breaker-closes'],
  usually: 'The breaker counts results of calls that began before its last change of state.',
  fix: 'Number the states of the breaker. Remember the number when a call begins, and ignore its result if the number has changed.',
  needs: 'conditions.long-calls',
  cases: (facts) =>
    judgedBreakers(facts).flatMap((breaker) => {
      const [recovery, trials] = [[numberOf(breaker, 'recoverySeconds')], [promiseOf(breaker, 'trials')]];
      return [
        { check: stillOpenCheck(breaker), promises: recovery },
        ...(breaker.trying.most === 1 ? [{ check: stillHalfOpenCheck(breaker), promises: trials }] : []),
        { check: inTimeCheck(breaker), promises: recovery },
        { check: closedCheck(breaker), promises: trials },
      ];
    }),
  without: 'no breaker has a failure that is never retried and an endpoint that fails with it',
  judge: (history, facts) =>
    judgedBreakers(facts).flatMap((breaker): Finding[] => {
      const { name, recoverySeconds, upstream } = breaker;
      const good = history.phases('late successes', { breaker: name });
      const bad = history.phases('late failures', { breaker: name });
      return [
        {
          check: stillOpenCheck(breaker),
          requests: tagsIn([...good, ...history.related('after', good)]),
          expected: `no call reaches ${upstream} while it is open`,
          ...stillOpen(history, facts, breaker, good),
        },
        ...(breaker.trying.most === 1 ? [isNoTrial()] : []),
        {
          check: inTimeCheck(breaker),
          requests: tagsIn([...bad, ...history.related('trial beside', bad)]),
          expected: `the trial ${recoverySeconds} s after it opened`,
          ...triedInTime(history, breaker, bad, noiseOf(history, facts)),
        },
        {
          check: closedCheck(breaker),
          requests: tagsIn([...history.related('trial beside', bad), ...history.related('closed after', bad)]),
          expected: 'the trial succeeds, and every later call is served',
          ...closedByTrial(history, facts, breaker, bad),
        },
      ];

      /** If several trials may run concurrently, calls during a trial prove nothing. */
      function isNoTrial(): Finding {
        return {
          check: stillHalfOpenCheck(breaker),
          requests: tagsIn([...history.related('trial beside', good), ...history.related('half-open after', good)]),
          expected: `no call reaches ${upstream} until its trial has ended`,
          ...stillHalfOpen(history, facts, breaker, good),
        };
      }
    }),
};

const stillOpenCheck = ({ name }: Breaker): string => `a late success does not close it: ${name}`;
const stillHalfOpenCheck = ({ name }: Breaker): string => `a late success does not count as a trial: ${name}`;
const inTimeCheck = ({ name }: Breaker): string => `a late failure does not extend the open period: ${name}`;
const closedCheck = ({ name }: Breaker): string => `a late failure does not count as a trial: ${name}`;

/**
 * Returns the earliest and latest times at which the breaker could have opened: when the last failing call was sent,
 * and when it got its response.
 */
function openingOf(history: History, phases: Phases) {
  const calls = history.sentIn(phases, { about: 'failure' });
  return { calls, earliest: lastSent(calls), latest: lastAnswered(calls) };
}

/**
 * Returns the earliest times at which the first and second calls in some phases could have ended at the upstream, or
 * Infinity for a call that did not end. From then on, the breaker knows the result, even if the caller is still waiting
 * for another upstream.
 */
function endsOf(history: History, { upstream }: Breaker, phases: Phases, noise: Noise): [late: number, later: number] {
  const [late, later] = history.receiptsIn(phases, upstream).map(({ endedAt }) => {
    return endedAt ? endedAt - noiseOfNote(noise, endedAt) : Number.POSITIVE_INFINITY;
  });
  return [late ?? Number.NEGATIVE_INFINITY, later ?? Number.NEGATIVE_INFINITY];
}

/**
 * Returns the first of the late calls, or undefined if it wasn't late enough. A call that ended before the failures may
 * have kept the breaker closed, and if a failure has no usable result, the breaker may not have opened.
 */
function lateOf(history: History, breaker: Breaker, phases: Phases, noise: Noise): RequestSample | undefined {
  const [late] = history.requestsIn(phases, { about: 'late' });
  const [ended] = endsOf(history, breaker, phases, noise);
  const { calls, latest } = openingOf(history, phases);
  return late && late.status !== 0 && calls.every(tells) && ended > latest ? late : undefined;
}

function stillOpen(history: History, facts: Facts, breaker: Breaker, phases: Phases): Judged {
  const late = lateOf(history, breaker, phases, noiseOf(history, facts));
  const { calls } = openingOf(history, phases);
  if (!late || !isServed(facts, late)) return notSeen('no late success arrived');
  return openAfter(history, facts, { phase: phases, breaker, calls, reached: [] });
}

/** Returns the trial if the later call ended while it was running. */
function trialDuring(
  history: History,
  breaker: Breaker,
  phases: Phases,
  noise: Noise,
): (RequestReceipt & { endedAt: number }) | undefined {
  const [later] = history.requestsIn(phases, { about: 'later' });
  const [trial, second] = history.receiptsIn(history.related('trial beside', phases), breaker.upstream);
  if (!trial || second || !later || later.status === 0 || !lateOf(history, breaker, phases, noise)) return undefined;
  const endedAt = trial.endedAt ?? Number.POSITIVE_INFINITY;
  const [, ended] = endsOf(history, breaker, phases, noise);
  return trial.at < ended && answered(later) < endedAt ? { ...trial, endedAt } : undefined;
}

function stillHalfOpen(history: History, facts: Facts, breaker: Breaker, phases: Phases): Judged {
  const noise = noiseOf(history, facts);
  const trial = trialDuring(history, breaker, phases, noise);
  const [later] = history.requestsIn(phases, { about: 'later' });
  if (!trial || !later || !isServed(facts, later)) return notSeen('no success arrived during the trial');
  const probes = history.requestsIn(history.related('half-open after', phases));
  const until = trial.endedAt - EARLY_MS - noiseOfNote(noise, trial.endedAt);
  const arrived = history.receiptsIn(history.related('half-open after', phases), breaker.upstream);
  const leaked = arrived.filter(({ at }) => at < until).length;
  // A rejection proves that the breaker is not closed, no matter how exact the times are. The trial must still be
  // running, though.
  const latest = arrived.length === 0 ? trial.endedAt - EARLY_MS : until;
  const refused = probes.filter((probe) => answered(probe) < latest && probe.status === breaker.refusal).length;
  // A breaker whose callers wait for the trial lets them through when it has ended.
  const waited = probes.filter(
    (probe) => probe.at < until && answered(probe) >= trial.endedAt && isServed(facts, probe),
  ).length;
  const isWaiting = breaker.duringTrial === 'wait';
  const observed = `${leaked} reached it: ${tally(probes.map(answerOf))}`;
  if (leaked > 0) return { observed, verdict: 'FAIL' };
  if ((isWaiting ? waited : refused) > 0) return { observed, verdict: 'PASS' };
  const lasted = trial.endedAt - trial.at;
  const left = whatIsLeft('calls count during the trial:', lasted, EARLY_MS, noiseOfNote(noise, trial.endedAt));
  const why = `no call ${isWaiting ? 'waited' : 'was refused'} while the trial was certainly in progress`;
  return { observed, evidence: [why, ...left], verdict: 'INCONCLUSIVE' };
}

function triedInTime(history: History, breaker: Breaker, phases: Phases, noise: Noise): Judged {
  const { upstream, recoverySeconds, refusal } = breaker;
  const late = lateOf(history, breaker, phases, noise);
  const { earliest, latest } = openingOf(history, phases);
  const timeout = recoverySeconds * 1_000;
  if (!late || answered(late) >= earliest + timeout - EARLY_MS) return notSeen('no late failure arrived');
  const [trial] = history.receiptsIn(history.related('trial beside', phases), upstream);
  const after = (at: number) => `${((at - latest) / 1_000).toFixed(2)} s`;
  const due = latest + timeout;
  const excess = (at: number) => [at - due, LATE_MS, noise(due, at)] as const;
  const lateness = (at: number) => judgeExcess(...excess(at));
  const left = (what: string, at: number) => whatIsLeft(`measured: ${what} too late by`, ...excess(at));
  const refused = history
    .requestsIn(history.related('trial beside', phases))
    .findLast(({ at, status }) => status === refusal && lateness(at) !== 'PASS');
  if (refused) {
    const observed = `a call was still refused after ${after(refused.at)}`;
    return { observed, verdict: lateness(refused.at), evidence: left('still refused', refused.at) };
  }
  if (!trial || lateness(trial.at) !== 'PASS') return notSeen('no call came in time to be the trial');
  return { observed: after(trial.at), verdict: 'PASS', evidence: left('tried', trial.at) };
}

function closedByTrial(history: History, facts: Facts, breaker: Breaker, phases: Phases): Judged {
  const trial = trialDuring(history, breaker, phases, noiseOf(history, facts));
  if (!trial) return notSeen('no failure arrived during the trial');
  const probes = history.requestsIn(history.related('closed after', phases));
  const reached = history.receiptsIn(history.related('closed after', phases), breaker.upstream).length;
  const served = probes.filter((probe) => isServed(facts, probe)).length;
  return {
    observed: `${served} of ${probes.length} served, ${reached} reached it`,
    verdict: probes.length === 0 ? 'INCONCLUSIVE' : served === probes.length && reached >= served ? 'PASS' : 'FAIL',
  };
}
