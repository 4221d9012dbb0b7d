import type { RequestSample } from '../../history/events.ts';
import type { History } from '../../history/history.ts';
import { type Facts, isServed } from '../lib/checker.ts';
import { asTime } from '../lib/noise.ts';
import { answered } from '../lib/request-times.ts';
import { timeoutOf } from '../lib/timed-out.ts';
import { type Ending, RECEIVED_MS } from './ending.ts';

/** A call that took this share of its delay was delayed. */
const DELAYED = 0.9;

/** Why no call was in progress at SIGTERM for as long as its timeout allows. */
export interface TooShort {
  readonly evidence: string[];
  /** Whether nothing is proved, because the contract promises that such a call is served. */
  readonly isUnproved: boolean;
}

/**
 * Returns the delays of the calls under load, in milliseconds: that of all calls, and those of the few that take nearly
 * as long as their timeout allows. The first of these was tried before SIGTERM.
 */
export function delaysIn(history: History, { phase }: Pick<Ending, 'phase'>): { usual: number; long: number[] } {
  const delays = history
    .allIn('fault', [phase])
    .flatMap(({ id, asked: { milliseconds = 0 } }) => (id === undefined ? [] : [Number(milliseconds)]));
  const [usual = 0, ...longer] = delays;
  return { usual, long: longer.map((more) => usual + more) };
}

/**
 * Returns why no served call was in progress for as long as the contract's timeout allows. Undefined if one was, or if
 * the contract promises no timeout that is longer than the usual delay.
 */
export function whyTooShort(history: History, facts: Facts, ending: Ending): TooShort | undefined {
  const { usual, long } = delaysIn(history, ending);
  const [tried, atSigterm] = long;
  if (tried === undefined) return undefined;
  const endpoint = history.sentIn(ending.phase, { about: 'load' })[0]?.tags.endpoint;
  const isUnproved = timeoutOf(facts, endpoint)?.isExact ?? false;
  if (atSigterm === undefined) {
    const evidence = [
      `a call that takes ${asTime(tried)} was not served before ${ending.signal}: calls were delayed by only ${asTime(usual)}`,
    ];
    return { evidence, isUnproved };
  }
  const drained = ending.at + (facts.contract.termination?.drainSeconds ?? 0) * 1_000;
  const isLong = (call: RequestSample) => call.at <= drained - RECEIVED_MS && call.ms >= atSigterm * DELAYED;
  const calls = history.requestsIn(ending.phase, { about: 'load' }).filter((call) => isServed(facts, call));
  if (calls.some((call) => isLong(call) && answered(call) > drained)) return undefined;
  return {
    evidence: [`no call that takes ${asTime(atSigterm)} was in progress at ${ending.signal}`],
    isUnproved: true,
  };
}
