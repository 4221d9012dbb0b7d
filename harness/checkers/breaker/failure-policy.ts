import { count } from '../../base/in-words.ts';
import { promisedCallsOf } from '../../contract/attempts.ts';
import type { ActionPhase, PlannedAction } from '../../contract/phases.ts';
import { answerOf } from '../../history/answer-of.ts';
import { type History, type PhaseEntry, tagsIn } from '../../history/history.ts';
import type { Finding } from '../../verdict/finding.ts';
import { numberOf, promiseOf } from '../lib/breaker-promises.ts';
import {
  type Breaker,
  type BuiltInChecker,
  breakerOf,
  type Case,
  countedBreakers,
  type Facts,
  howManyReached,
  isOnPort,
  planned,
  withEvidence,
} from '../lib/checker.ts';
import { noiseOf } from '../lib/noise.ts';
import { type Opening, openAfter } from '../lib/open-after.ts';
import { countedUntil, trialFrom } from '../lib/opened-at.ts';
import { ifPrimed } from '../lib/primed.ts';
import { reachedDuring } from '../lib/reached-during.ts';
import { lastSent } from '../lib/request-times.ts';
import { LATE_MS } from '../lib/tolerances.ts';
import { asSentence } from './breaker-hints.ts';
import { notCounted, notCountedText } from './not-counted.ts';

const KINDS = ['row', 'row with retries', 'ignored', 'harmless'] as const;

type Kind = (typeof KINDS)[number];

/** The parts of the names of checks. */
type Named = Pick<PlannedAction<Kind>, 'breaker' | 'faults'>;

/** A phase in which these kinds of faults affect calls through a breaker. */
interface Met extends Opening {
  phase: PhaseEntry<ActionPhase<Kind>>;
  kinds: readonly string[];
}

/**
 * Checks that a breaker counts its upstream's failures and nothing else. For each fault, the contract says whether the
 * fault counts as a failure, is ignored (it neither counts nor resets the count), or resets the count like a success.
 */
export const failurePolicy: BuiltInChecker = {
  name: 'failure-policy',
  restsOn: ['steady-state', 'breaker-opens', 'upstream-attempts'],
  usually:
    "The breaker counts an error that is the caller's fault, or ignores one that is the upstream's, such as a 429 or a broken body.",
  fix: 'Decide for each kind of failure whether the upstream causes it. The name of the failed check shows which kind differs: change the filter of the breaker, or move the fault to `failures`, `ignored` or `harmless`.',
  cases: (facts) =>
    planned(facts, ...KINDS, 'failed trial')?.flatMap((phase) =>
      casesOf(phase, breakerOf({ ...facts, breaker: phase.breaker }), facts),
    ),
  without: 'the contract lists no fault for it (breakers.NAME.failures, ignored, harmless)',
  judge: (history, facts) =>
    countedBreakers(facts).flatMap((breaker) => {
      const judgeEach = (action: Kind, judge: (...of: Parameters<typeof judgeRow>) => Finding | Finding[]): Finding[] =>
        history.phases(action, { breaker: breaker.name }).flatMap((phase) => {
          const [calls, reached] = [history.requestsIn(phase), history.receiptsIn(phase, breaker.upstream)];
          const met = { phase, kinds: phase.faults, breaker, calls, reached };
          const findings = [judge(history, met, facts)].flat();
          return findings.map((finding) => ifPrimed(history, breaker, finding, { phase }));
        });
      return [
        ...judgeEach('row', judgeRow),
        ...judgeEach('row with retries', judgeRowWithRetries),
        ...judgeEach('ignored', judgeIgnored),
        ...judgeEach('harmless', judgeHarmless),
        ...failedTrials(history, facts, breaker),
      ];
    }),
};

function casesOf(phase: PlannedAction<Kind | 'failed trial'>, breaker: Breaker, facts: Facts): Case[] {
  const { counts } = breaker;
  switch (phase.action) {
    case 'failed trial':
      return [{ check: trialCheck(phase), promises: [promiseOf(breaker, 'failures')] }];
    case 'row':
      return [{ check: rowCheck(phase), promises: [promiseOf(breaker, 'failures')] }];
    case 'row with retries':
      return [
        { check: retriesCheck(phase), promises: [promiseOf(breaker, 'failures')] },
        ...(counts === undefined
          ? []
          : [{ check: countsCheck(counts, phase), promises: [promiseOf(breaker, 'counts')] }]),
      ];
    case 'ignored':
      // Otherwise, only the settings of a condition make it ignore them.
      return [
        { check: ignoredCheck(phase), promises: breaker.ignored.length > 0 ? [promiseOf(breaker, 'ignored')] : [] },
        ...(isTriable(phase, facts)
          ? [{ check: trialEndsCheck(phase), promises: [numberOf(breaker, 'recoverySeconds')] }]
          : []),
      ];
    case 'harmless':
      return [{ check: harmlessCheck(phase), promises: [promiseOf(breaker, 'harmless')] }];
  }
}

const rowCheck = ({ breaker, faults }: Named): string => `counts as failures for ${breaker}: ${faults.join(', ')}`;
const retriesCheck = ({ breaker, faults }: Named): string =>
  `counts as failures, with retries, for ${breaker}: ${faults.join(', ')}`;
const countsCheck = (counts: string, { breaker, faults }: Named): string =>
  `counts ${counts} for ${breaker}: ${faults.join(', ')}`;
const ignoredCheck = ({ breaker, faults }: Named): string => `ignored by ${breaker}: ${faults.join(', ')}`;
/** The first of these faults is also tried as the result of a trial. */
const trialEndsCheck = ({ breaker, faults: [fault = ''] }: Named): string =>
  `a trial with ${fault} does not keep ${breaker} half-open`;
const harmlessCheck = ({ breaker, faults }: Named): string => `harmless to ${breaker}: ${faults.join(', ')}`;

const trialCheck = ({ breaker, fault }: Pick<PlannedAction<'failed trial'>, 'breaker' | 'fault'>): string =>
  `a trial with ${fault} reopens ${breaker}`;

/** Judges the phases in which the trial failed in one way. The breaker must be open after each of them. */
const failedTrials = (history: History, facts: Facts, breaker: Breaker): Finding[] =>
  history.phases('failed trial', { breaker: breaker.name }).map((phase, index): Finding => {
    const { upstream, refusal } = breaker;
    const [calls, reached] = [history.requestsIn(phase), history.receiptsIn(phase, upstream)];
    const failed = reached.filter(({ faults }) => faults.length > 0);
    // Earlier calls were rejected.
    const trials = history.sentIn(phase).slice(-1);
    const after = openAfter(history, facts, { phase, breaker, calls: trials, reached });
    const wasOpen = calls.some(({ status }) => status === refusal);
    const verdict = wasOpen && failed.length === 1 && reached.length === 1 ? after.verdict : 'INCONCLUSIVE';
    return {
      check: trialCheck(phase),
      requests: tagsIn([phase, ...history.related('after', phase)]),
      expected: `the trial fails, and then no call reaches ${upstream}`,
      observed: `${count(failed.length, 'trial')} of ${count(calls.length, 'call')} met ${phase.fault}, ${after.observed}`,
      verdict,
      ...(verdict === 'FAIL' && { usually: afterTrial(phase.fault) }),
      evidence: [...after.evidence, ...(index === 0 ? notTried(history, breaker) : [])],
    };
  });

/** Names the listed failures that this scenario does not try as the result of a trial. */
function notTried(history: History, { name, failures }: Breaker): string[] {
  const tried = history.phases('failed trial', { breaker: name }).map(({ fault }) => fault);
  const others = failures.map(labelOf).filter((fault) => !tried.includes(fault));
  return others.length === 0 ? [] : [`not tried here as the result of a trial: ${others.join(', ')}`];
}

/** Returns a fault's kind and its simple fields, as in the phases of scripts. */
const labelOf = ({ kind, ...fields }: Breaker['failures'][number]): string =>
  [kind, ...Object.values(fields).filter((field) => typeof field !== 'object')].join(' ');

const afterTrial = (fault: string): string =>
  `${fault} as the result of a trial closes the breaker, or does not count, although the contract lists it as a failure.`;

/** Judges a phase with as many simultaneous failures as the threshold. The next call must be rejected. */
function judgeRow(history: History, met: Met, facts: Facts): Finding {
  const { kinds, breaker, reached } = met;
  // If the connection was refused, there is no receipt for a request.
  const expected = isOnPort(kinds[0] ?? '', facts) ? 0 : breaker.opening.failures;
  const isComplete = met.calls.length === breaker.opening.failures && reached.length === expected;
  const judged: Finding = { check: rowCheck(met.phase), ...judgeFailures(history, met, facts, isComplete) };
  const isAlone =
    kinds.length === 1 && history.receiptsIn(history.related('after', met.phase), breaker.upstream).length > 0;
  const missing = isAlone ? kinds : notCounted(history, facts, breaker).filter((fault) => kinds.includes(fault));
  if (judged.verdict !== 'FAIL' || missing.length === 0) return judged;
  return { ...judged, usually: asSentence(notCountedText(history, missing, breaker)) };
}

/**
 * Judges a phase with as many calls as the threshold, all of whose attempts fail. The breaker may count calls or
 * attempts. Either way, the next call must be rejected.
 */
function judgeRowWithRetries(history: History, met: Met, facts: Facts): Finding[] {
  const { phase, breaker, reached } = met;
  const isEnough = reached.length >= breaker.opening.failures;
  const judged: Finding = {
    check: retriesCheck(phase),
    ...judgeFailures(history, met, facts, isEnough && hasEnded(history, met)),
  };
  const isEarly = !isEnough && isRejected(history, met);
  const observed = `it opened after ${count(reached.length, 'attempt')}: ${judged.observed}`;
  return [
    isEarly ? { ...judged, observed, verdict: 'FAIL' } : judged,
    ...(breaker.counts === undefined ? [] : [judgeAttemptsUntilOpen(history, met, facts, breaker.counts)]),
  ];
}

/**
 * Judges how many attempts reached the upstream until the breaker opened. A breaker that counts attempts opens in the
 * middle of a call, and the remaining attempts of that call must not get through.
 */
function judgeAttemptsUntilOpen(history: History, met: Met, facts: Facts, counts: 'calls' | 'attempts'): Finding {
  const { phase, breaker, reached } = met;
  const { upstream, opening } = breaker;
  const { attempts } = promisedCallsOf(facts.contract, upstream);
  const expected = opening.failures * (counts === 'calls' ? attempts : 1);
  const last = reached[expected - 1];
  const opened = last?.endedAt ?? Number.NEGATIVE_INFINITY;
  const over = trialFrom(history, facts, breaker, opened);
  const leaked = reached.slice(expected).filter(({ at }) => at < over).length;
  const isFewer = reached.length < expected && hasEnded(history, met);
  return {
    check: countsCheck(counts, phase),
    requests: tagsIn(phase),
    expected: `${count(expected, 'attempt')} until it opens, then none`,
    observed: `${count(Math.min(reached.length, expected), 'attempt')}, then ${leaked}`,
    verdict: leaked > 0 || isFewer ? 'FAIL' : reached.length === expected ? 'PASS' : 'INCONCLUSIVE',
    ...(isFewer && counts === 'calls' && reached.length === opening.failures && { usually: COUNTS_ATTEMPTS }),
    ...(counts === 'attempts' &&
      leaked > 0 &&
      reached.length === opening.failures * attempts && { usually: COUNTS_CALLS }),
    evidence: reached.slice(expected).length === leaked ? [] : countedUntil(history, facts, breaker, opened),
  };
}

const COUNTS_ATTEMPTS =
  'The breaker counts attempts instead of calls: it lies inside the retries. Put the retries inside the breaker, so that it sees one result for each call.';
const COUNTS_CALLS =
  'The breaker counts calls instead of attempts: it lies around the retries. Put it inside them, so that it sees the result of each attempt.';

/** Whether the script made all calls, or ended them because the last one was rejected. */
const hasEnded = (history: History, met: Met): boolean =>
  met.calls.length >= met.breaker.opening.failures || isRejected(history, met);

/** Whether the last call was rejected without reaching the upstream. */
function isRejected(history: History, { breaker, calls }: Met): boolean {
  const last = calls.at(-1);
  if (last?.status !== breaker.refusal) return false;
  return reachedDuring(history, breaker.upstream, [last]).length === 0;
}

/** @param isDelivered Whether as many failures as promised acted on the calls. */
function judgeFailures(history: History, met: Met, facts: Facts, isDelivered: boolean): Omit<Finding, 'check'> {
  const { phase, calls, reached, breaker } = met;
  const { upstream, opening } = breaker;
  const threshold = opening.failures;
  const after = openAfter(history, facts, met);
  return {
    requests: tagsIn([phase, ...history.related('after', phase)]),
    expected: `${count(threshold, 'consecutive failure')}, then no call reaches ${upstream}`,
    observed: `${count(calls.length, 'call')} failed, ${after.observed}`,
    verdict: isDelivered ? after.verdict : 'INCONCLUSIVE',
    evidence: [`in "${phase.title}" ${reached.length} reached ${upstream}`, ...after.evidence],
  };
}

/**
 * Judges a phase with threshold − 1 failures, one call for each ignored kind, and the failure that opens the breaker.
 */
function judgeIgnored(history: History, met: Met, facts: Facts): Finding[] {
  const passedOver = judgePassedOver(history, met, facts);
  return isTriable(met.phase, facts) ? [passedOver, judgeIgnoredTrial(history, met, facts)] : [passedOver];
}

/** Whether a receipt shows that a trial met the first of these faults. */
const isTriable = ({ faults: [fault = ''] }: Named, facts: Facts): boolean => !isOnPort(fault, facts);

/** Judges whether calls reach the upstream again after a trial with an ignored result. */
function judgeIgnoredTrial(history: History, { phase, breaker }: Met, facts: Facts): Finding {
  const { upstream, recoverySeconds } = breaker;
  const tried = history.phases('trial', { breaker: breaker.name }).find(({ id }) => id > phase.id);
  const after = history.related('recovery from', phase);
  const calls = history.requestsIn(after);
  const trials = tried === undefined ? [] : history.receiptsIn(tried, upstream);
  const arrived = history.receiptsIn(after, upstream).length;
  const ended = Math.max(...trials.map(({ endedAt, at }) => endedAt ?? at));
  const lasted = lastSent(calls) - ended;
  const needed = recoverySeconds * 1_000 + LATE_MS + noiseOf(history, facts)(ended, lastSent(calls));
  const isTried = trials[0]?.faults.length === 1;
  return {
    check: trialEndsCheck(phase),
    requests: tagsIn(after),
    expected: `the next trial at most ${recoverySeconds} s later`,
    observed: isTried ? howManyReached(arrived, calls.length) : 'no trial met it',
    verdict: !isTried ? 'INCONCLUSIVE' : arrived > 0 ? 'PASS' : lasted > needed ? 'FAIL' : 'INCONCLUSIVE',
    usually: `The breaker waits for ever for a result of the trial: ${phase.faults[0]} is neither a success nor a failure. Release the trial whatever its result is, so that the next call is another one.`,
  };
}

function judgePassedOver(history: History, met: Met, facts: Facts): Finding {
  const { phase, kinds, calls, reached, breaker } = met;
  const { upstream, opening } = breaker;
  const threshold = opening.failures;
  const expected = threshold + kinds.length;
  const after = openAfter(history, facts, met);
  const judged: Omit<Finding, 'verdict'> = {
    check: ignoredCheck(phase),
    requests: tagsIn([phase, ...history.related('after', phase)]),
    expected: `they change nothing between failures ${threshold - 1} and ${threshold}: every call reaches ${upstream}, and none after failure ${threshold}`,
    observed: `${howManyReached(reached.length, calls.length)}, ${after.observed}`,
  };
  if (calls.length !== expected || reached.length > expected) return { ...judged, verdict: 'INCONCLUSIVE' };
  if (reached.length === expected) {
    const hint = 'if calls still reached it, one of these resets the count, or the last failure did not count';
    return withEvidence({ ...judged, verdict: after.verdict }, after.verdict === 'FAIL' ? [hint] : after.evidence);
  }
  const last = kinds[reached.length - threshold] ?? 'a failure';
  const usually = `The breaker counts ${last} as a failure, although breakers.${breaker.name}.ignored lists it.`;
  return {
    ...judged,
    verdict: 'FAIL',
    observed: `it opened after ${last}: ${judged.observed}`,
    ...(reached.length >= threshold && { usually }),
  };
}

/**
 * Judges a phase with runs of threshold − 1 failures, separated by one call for each harmless kind. All calls must
 * reach the upstream.
 */
function judgeHarmless(_: History, { phase, kinds, calls, reached, breaker }: Met, facts: Facts): Finding {
  const { upstream, endpoint, opening } = breaker;
  const threshold = opening.failures;
  const served = facts.contract.endpoints[endpoint]?.served ?? [];
  const good = calls.filter(({ tags }) => tags.about !== 'failure');
  const refused = good.filter(({ status }) => !served.includes(status));
  // Each success lowers the rate, so there is only one series of failures, with a single harmless call.
  const expected = opening.alone === undefined ? (kinds.length + 1) * threshold : threshold + 1;
  // If no call got through, the breaker was not closed when they began.
  const complete = calls.length === expected && reached.length > 0;
  const held = refused.length === 0 && reached.length === expected;
  // It opened after the first failures that followed this one.
  const last = kinds[Math.floor(reached.length / threshold) - 1];
  const isKept = opening.alone === undefined && reached.length < expected && reached.length % threshold > 0;
  return {
    check: harmlessCheck(phase),
    requests: tagsIn(phase),
    expected: `each is served after ${count(threshold - 1, 'failure')}, and counts as a success: all reach ${upstream}`,
    observed: `${good.length - refused.length} of ${good.length} served; ${howManyReached(reached.length, expected)}`,
    verdict: !complete || reached.length > expected ? 'INCONCLUSIVE' : held ? 'PASS' : 'FAIL',
    evidence: refused.map((call) => `${call.tags.about ?? 'a call'} got ${answerOf(call)}`),
    ...(isKept &&
      last !== undefined && {
        usually: `The count of failures was not set back to 0 by ${last}, after which the breaker opened too early. If no success does so, chaos/${breaker.name}-outage fails as well.`,
      }),
  };
}
