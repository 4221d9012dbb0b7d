import { answerOf } from '../../history/answer-of.ts';
import type { RequestReceipt, RequestSample } from '../../history/events.ts';
import type { History, Phases } from '../../history/history.ts';
import type { Verdict } from '../../verdict/finding.ts';
import { type Breaker, type Facts, howManyReached, tally } from './checker.ts';
import { countedUntil, openedBy, trialFrom } from './opened-at.ts';

/** A phase that should leave the breaker open, with its calls and the requests that reached the upstream. */
export interface Opening {
  phase: Phases;
  breaker: Breaker;
  calls: readonly RequestSample[];
  reached: readonly RequestReceipt[];
}

/** The requests of the phase "after …", and whether they show that the breaker was open. */
interface After {
  probes: readonly RequestSample[];
  /** In words: how many of these calls reached the upstream, and the responses to all of them. */
  observed: string;
  verdict: Verdict;
  /** The parts that were subtracted from the recovery timeout, if calls prove nothing for that reason. */
  evidence: string[];
}

/**
 * Judges whether no call reaches the upstream in the phase "after …". A call after the recovery timeout may be a trial.
 */
export function unreachedAfter(history: History, facts: Facts, { phase, breaker, reached, calls }: Opening): After {
  const { upstream } = breaker;
  const after = history.related('after', phase);
  const probes = history.requestsIn(after);
  const opened = openedBy(calls, reached);
  const over = trialFrom(history, facts, breaker, opened);
  const arrived = history.receiptsIn(after, upstream);
  const leaked = arrived.filter(({ at }) => at < over).length;
  const inTime = probes.length > 0 && probes.every(({ at, ms }) => at + ms < over);
  const observed = `then ${howManyReached(leaked, probes.length)}: ${tally(probes.map(answerOf))}`;
  if (leaked > 0) return { probes, observed, verdict: 'FAIL', evidence: [] };
  if (inTime && arrived.length === 0) return { probes, observed, verdict: 'PASS', evidence: [] };
  if (probes.length === 0) return { probes, observed, verdict: 'INCONCLUSIVE', evidence: [] };
  const evidence = countedUntil(history, facts, breaker, opened);
  return { probes, observed: `${observed}, when a trial may have been due`, verdict: 'INCONCLUSIVE', evidence };
}

/**
 * Judges whether the breaker is open in the phase "after …". Each call must be rejected and none may reach the
 * upstream.
 */
export function openAfter(history: History, facts: Facts, opening: Opening): Omit<After, 'probes'> {
  const { probes, observed, verdict, evidence } = unreachedAfter(history, facts, opening);
  const isRefused = probes.every(({ status }) => status === opening.breaker.refusal);
  return { observed, verdict: verdict === 'PASS' && !isRefused ? 'FAIL' : verdict, evidence };
}
