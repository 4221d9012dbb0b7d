import { isHttp } from '../../contract/is-http.ts';
import { answerOf } from '../../history/answer-of.ts';
import type { RequestReceipt, RequestSample } from '../../history/events.ts';
import type { History } from '../../history/history.ts';
import type { Finding } from '../../verdict/finding.ts';
import { type Breaker, countedBreakers, type Facts } from '../lib/checker.ts';
import { asTime } from '../lib/noise.ts';
import { reachedDuring } from '../lib/reached-during.ts';
import { secondsBetween } from '../lib/request-times.ts';

/** A call that was not served although no fault acted any more. */
interface Failed {
  readonly call: RequestSample;
  /** The HTTP upstreams of its endpoint, and the requests that reached them meanwhile. */
  readonly upstreams: readonly string[];
  readonly reached: readonly RequestReceipt[];
  /** The breaker that refused it, if it has the status with which one of them refuses. */
  readonly breaker: Breaker | undefined;
  /** When that breaker opened last, if the service logs it. */
  readonly openedAt: number | undefined;
  /** When its upstream was healed last. */
  readonly healedAt: number;
  /** The call that ended when it opened, if that call had begun before the previous change of its state. */
  readonly late: RequestReceipt | undefined;
}

/** How long before or after the service logs that a breaker opened the call ends that opened it, in milliseconds. */
const NOTED_MS = 200;

/** Returns what is known of calls that were not served after an outage, one line for each, and the likely cause. */
export function whyNotServed(
  history: History,
  facts: Facts,
  calls: readonly RequestSample[],
): Pick<Finding, 'evidence' | 'usually'> {
  const all = calls.map((call) => failedCall(history, facts, call));
  const usually = all.map(causeOf).find((cause) => cause !== undefined);
  return { evidence: all.map((failed) => describe(failed)), ...(usually !== undefined && { usually }) };
}

/**
 * Returns what to describe if calls were refused with 429 by a limit that the contract does not describe: no limit of the
 * profile counts them, and none of them reached an upstream. Such calls say nothing about an outage.
 */
export function unpromisedLimit(history: History, facts: Facts, calls: readonly RequestSample[]): string | undefined {
  const { limits, requestsInProgress } = facts.numbers;
  const counted = Object.entries(limits).flatMap(([name, { sharedWith = [] }]) => [name, ...sharedWith]);
  const isUnpromised = (call: RequestSample) => {
    const { reached } = failedCall(history, facts, call);
    return call.status === 429 && reached.length === 0 && !counted.includes(call.tags.endpoint ?? '');
  };
  if (calls.length === 0 || Object.keys(requestsInProgress).length > 0 || !calls.every(isUnpromised)) return undefined;
  const names = [...new Set(calls.map(({ tags }) => tags.endpoint ?? ''))].join(', ');
  return `The service limits ${names}, and the contract describes no such limit, so calls of this scenario were refused. Describe it (profiles.NAME.limits), and the setting that switches it off (conditions.no-rate-limits).`;
}

function failedCall(history: History, facts: Facts, call: RequestSample): Failed {
  const all = facts.contract.endpoints[call.tags.endpoint ?? '']?.reaches ?? [];
  const upstreams = [...new Set(all)].filter((name) => isHttp(facts.contract, name));
  const reached = upstreams.flatMap((upstream) => reachedDuring(history, upstream, [call]));
  const breaker =
    reached.length > 0
      ? undefined
      : countedBreakers(facts).find(({ upstream, refusal }) => upstreams.includes(upstream) && refusal === call.status);
  const states = history.all('transition').filter(({ breaker: name, at }) => name === breaker?.name && at <= call.at);
  const last = states.at(-1);
  const heals = history.all('fault').filter(({ id, upstream }) => id === undefined && upstream === breaker?.upstream);
  const healedAt = heals.findLast(({ at }) => at <= call.at)?.at ?? Number.POSITIVE_INFINITY;
  const openedAt = last?.to === 'open' ? last.at : undefined;
  const late = openedAt === undefined ? undefined : lateResult(history, breaker, openedAt, states.at(-2)?.at);
  return { call, upstreams, reached, breaker, openedAt, healedAt, late };
}

/** Returns the call that opened a breaker, if it had begun before an earlier change of state. */
function lateResult(history: History, breaker: Breaker | undefined, openedAt: number, earlier = 0) {
  const near = history
    .receipts('request', breaker?.upstream ?? '')
    .filter(({ endedAt }) => Math.abs((endedAt ?? 0) - openedAt) <= NOTED_MS);
  return near.length === 1 ? near.find(({ at }) => at + NOTED_MS < earlier) : undefined;
}

function describe({ call, upstreams, reached, breaker, openedAt }: Failed): string {
  const got = `${call.tags.endpoint ?? ''} got ${answerOf(call)} after ${asTime(call.ms)}`;
  if (upstreams.length === 0) return got;
  if (reached.length > 0) return `${got}, although ${reached.map(answeredBy).join(' and ')}`;
  const opened =
    breaker === undefined || openedAt === undefined
      ? ''
      : `; ${breaker.name} had opened ${secondsBetween(openedAt, call.at).toFixed(1)} s before, as the log says`;
  return `${got}, without a request to ${upstreams.join(' or ')}${opened}`;
}

const answeredBy = ({ upstream, status, faults }: RequestReceipt): string =>
  `${upstream} answered ${status ?? 'nothing'}${faults.length === 0 ? '' : ', with a fault'}`;

function causeOf({ call, upstreams, reached, breaker, openedAt, healedAt, late }: Failed): string | undefined {
  const endpoint = call.tags.endpoint ?? '';
  if (breaker !== undefined && late !== undefined) {
    const took = secondsBetween(late.at, late.endedAt ?? late.at).toFixed(1);
    return `${breaker.name} opened when a call ended that had begun ${took} s earlier, before its last change of state: it counts late results.`;
  }
  if (breaker !== undefined && openedAt !== undefined && openedAt > healedAt) {
    const late = secondsBetween(healedAt, openedAt).toFixed(1);
    return `${breaker.name} opened ${late} s after ${breaker.upstream} had been healed: it counts late results of calls that began in the outage, or callers who left.`;
  }
  if (reached.length > 0 && reached.every(({ status, faults }) => isGood(status) && faults.length === 0)) {
    return `Calls of ${endpoint} reach ${[...new Set(reached.map(({ upstream }) => upstream))].join(' and ')}, which ${reached.length === 1 ? 'answers' : 'answer'} well, and fail anyway: a failure is cached, or a state that the outage left behind makes them fail.`;
  }
  if (breaker !== undefined || upstreams.length === 0 || reached.length > 0) return undefined;
  return `Calls of ${endpoint} fail before they reach ${upstreams.join(' or ')}: they get no slot, lock or connection, or reuse a connection that the outage broke.`;
}

const isGood = (status: number | null | undefined): boolean => status != null && status >= 200 && status < 400;
