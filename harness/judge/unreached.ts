import { count } from '../base/in-words.ts';
import { upperMedian } from '../base/median.ts';
import { type Breaker, countedBreakers, type Facts, isOnPort, isServed } from '../checkers/lib/checker.ts';
import { isGivenUp } from '../checkers/lib/given-up.ts';
import { answered, secondsBetween } from '../checkers/lib/request-times.ts';
import { saidIn } from '../checkers/lib/retry-after.ts';
import { CLOCKS_MS } from '../checkers/lib/tolerances.ts';
import { isHttp } from '../contract/is-http.ts';
import type { HandshakeReceipt, RequestReceipt, RequestSample, UnusedReceipt } from '../history/events.ts';
import { type History, hasTags } from '../history/history.ts';
import type { Finding } from '../verdict/finding.ts';

type Arrival = RequestReceipt | HandshakeReceipt | UnusedReceipt;

/** An upstream that no call reached any more, although nothing but the service kept them from it. */
interface Unreached {
  readonly upstream: string;
  readonly breaker: Breaker | undefined;
  /** The calls from the first that did not reach it to the last one of the scenario. */
  readonly calls: readonly RequestSample[];
  /** The last request or handshake that arrived before. */
  readonly last: Arrival;
}

/** The fewest calls that show it. */
const SEVERAL = 3;
/** How many recovery timeouts it lasts at least, and how long if the upstream has no breaker, in milliseconds. */
const TIMEOUTS = 2;
const WITHOUT_BREAKER_MS = 2_000;
/** From this median on, refused calls have waited for something, in milliseconds. An open breaker refuses at once. */
const WAITED_MS = 150;

/**
 * Returns a function that returns the likely cause if calls that a check judged belong to a series of calls, up to the
 * end of the scenario, none of which reached its upstream: a trial has no result, or failed calls kept their slots.
 * Everything else that fails meanwhile is a consequence. It returns undefined if there is no such series.
 */
export function neverReached(history: History, facts: Facts) {
  let all: readonly Unreached[] | undefined;
  return ({ requests = [] }: Pick<Finding, 'requests'>): string | undefined => {
    all ??= unreachedIn(history, facts);
    const found = all.find(({ calls }) => calls.some(({ tags }) => requests.some((wanted) => hasTags(tags, wanted))));
    return found && `${whatIsSeen(history, found)} ${whyUnreached(history, facts, found)}`;
  };
}

/**
 * Returns all such upstreams. The first one got the last call: if it is called before others in an endpoint, they are
 * not reached either.
 */
function unreachedIn(history: History, facts: Facts): readonly Unreached[] {
  const { upstreams, endpoints } = facts.contract;
  const found = Object.keys(upstreams).flatMap((upstream): Unreached[] => {
    if (!isHttp(facts.contract, upstream)) return [];
    const breakers = countedBreakers(facts).filter((breaker) => breaker.upstream === upstream);
    const arrivals = (['request', 'handshake-failed', 'closed-unused'] as const).flatMap((kind): Arrival[] =>
      history.receipts(kind, upstream),
    );
    const last = arrivals.toSorted((a, b) => endOf(a) - endOf(b)).at(-1);
    if (!last) return [];
    const calls = history
      .requests({})
      .filter(({ at, tags }) => at > endOf(last) + CLOCKS_MS && reaches(endpoints[tags.endpoint ?? ''], upstream));
    const isKeptFrom = onlyByService(history, facts, upstream, breakers);
    const series = calls.slice(calls.findLastIndex((call) => !isKeptFrom(call)) + 1);
    const lasted = (series.at(-1)?.at ?? 0) - (series[0]?.at ?? 0);
    const isLong = series.length >= SEVERAL && lasted >= leastMs(facts, upstream, breakers);
    return isLong ? [{ upstream, breaker: breakers[0], calls: series, last }] : [];
  });
  return found.sort((a, b) => endOf(b.last) - endOf(a.last));
}

const reaches = (endpoint: Facts['contract']['endpoints'][string] | undefined, upstream: string): boolean =>
  endpoint?.reaches.includes(upstream) === true;

const endOf = (arrival: Arrival): number =>
  arrival.kind === 'request' ? (arrival.endedAt ?? Number.POSITIVE_INFINITY) : arrival.at;

const leastMs = ({ contract }: Facts, upstream: string, breakers: readonly Breaker[]): number =>
  breakers.length === 0
    ? WITHOUT_BREAKER_MS + 1_000 * (contract.upstreams[upstream]?.queueSeconds ?? 0)
    : 1_000 * TIMEOUTS * Math.max(...breakers.map(({ recoverySeconds }) => recoverySeconds));

/**
 * Returns whether only the service kept a call from an upstream: it failed, the service was not told to end, and no
 * fault acted on the port or on another upstream, whose breaker may be the same.
 */
function onlyByService(history: History, facts: Facts, upstream: string, breakers: readonly Breaker[]) {
  const faults = Map.groupBy(history.all('fault'), (fault) => fault.upstream);
  const isBroken = (at: number): boolean =>
    [...faults].some(([name, of]) => {
      const fault = of.findLast((earlier) => earlier.at <= at);
      return fault?.id !== undefined && (name !== upstream || isOnPort(String(fault.asked.kind), facts));
    });
  const processes = history.all('service').filter(({ event }) => ['started', 'signalled', 'exited'].includes(event));
  const isEnding = (at: number): boolean =>
    !['started', undefined].includes(processes.findLast((earlier) => earlier.at <= at)?.event);
  return (call: RequestSample): boolean => {
    const isFailed = call.status >= 500 || isGivenUp(call) || breakers.some(({ refusal }) => refusal === call.status);
    return isFailed && !isServed(facts, call) && !isBroken(call.at) && !isEnding(call.at);
  };
}

function whatIsSeen(history: History, { upstream, calls, last }: Unreached): string {
  const began = history.inOrder()[0]?.at ?? 0;
  const seconds = secondsBetween(calls[0]?.at ?? 0, calls.at(-1)?.at ?? 0).toFixed(1);
  const since = secondsBetween(began, endOf(last)).toFixed(1);
  return `From ${since} s into the scenario to its end, none of ${count(calls.length, 'call')} in ${seconds} s reached ${upstream}.`;
}

function whyUnreached(history: History, facts: Facts, unreached: Unreached): string {
  const { upstream, breaker, calls, last } = unreached;
  if (breaker === undefined) return kept(history, facts, upstream);
  const state = stateOf(history, breaker, calls);
  const waitedMs = upperMedian(calls.map(({ ms }) => ms));
  const isWaiting = waitedMs >= WAITED_MS && !(breaker.duringTrial === 'wait' && state !== 'closed');
  const isOther = calls.every(({ status }) => status !== breaker.refusal);
  if (isWaiting) {
    return `They waited for ${(waitedMs / 1_000).toFixed(2)} s, and an open breaker refuses at once: ${lower(kept(history, facts, upstream))}`;
  }
  if (state === 'closed')
    return `The log says that ${breaker.name} is closed: ${lower(kept(history, facts, upstream))}`;
  if (isOther) {
    return `None got ${breaker.refusal}, with which ${breaker.name} refuses: ${lower(kept(history, facts, upstream))}`;
  }
  const trial = `The last call that reached it met ${whatItMet(last)}`;
  if (state !== 'half-open' && !wasTrial(history, facts, breaker, last)) {
    return (
      `${breaker.name} opened and never becomes half-open, although breakers.${breaker.name}.recoverySeconds is ` +
      `${breaker.recoverySeconds}. ${whyNoTrial(history, calls)}`
    );
  }
  if (state === 'half-open') {
    return `${breaker.name} stays half-open, as the log says. ${trial}: a trial with this result neither closes nor opens it.`;
  }
  const long = `although breakers.${breaker.name}.recoverySeconds is ${breaker.recoverySeconds}`;
  if (state === 'open') {
    return `${breaker.name} stays open, as the log says, and makes no trial, ${long}. ${trial}. If calls wait for a slot first, failed calls may have kept all of them.`;
  }
  return `${breaker.name} makes no trial, ${long}. ${trial}: a trial with this result neither closes nor opens it, or failed calls have kept their slots.`;
}

/** Whether the last request that arrived was a trial: the last call that had ended before was refused by the breaker. */
function wasTrial(history: History, { contract }: Facts, { upstream, refusal }: Breaker, { at }: Arrival): boolean {
  const before = history
    .requests({})
    .filter((call) => answered(call) < at && reaches(contract.endpoints[call.tags.endpoint ?? ''], upstream));
  return before.toSorted((a, b) => a.at - b.at).at(-1)?.status === refusal;
}

/** A time to wait, in seconds, that only a time of a clock exceeds. */
const ENDLESS_SECONDS = 1e6;

/** Returns what may keep a breaker open. If refusals tell callers a time instead of a wait, two clocks are compared. */
function whyNoTrial(history: History, [first]: readonly RequestSample[]): string {
  const said = saidIn(history, {}).find(({ at, value }) => value > ENDLESS_SECONDS && at > (first?.at ?? 0));
  return said === undefined
    ? 'Does it compare times of two clocks or units, or wait for a timer that is never set? Or failed calls have kept their slots.'
    : `It compares times of two clocks or units: Retry-After of its refusals is ${said.value} s.`;
}

/** Returns the cause if calls got no slot, with how many had failed before. */
function kept(history: History, { contract }: Facts, upstream: string): string {
  const failed = history
    .receipts('request', upstream)
    .filter(({ faults, outcome }) => faults.length > 0 || outcome === 'client-gone').length;
  if (failed === 0) {
    return `Calls fail before they reach ${upstream}, although no call to it had failed: they get no slot, lock or connection, or need something else that does not work.`;
  }
  const { concurrency } = contract.upstreams[upstream] ?? {};
  const promised = concurrency === undefined ? '' : `, and upstreams.${upstream}.concurrency is ${concurrency}`;
  return `Calls that failed kept their slot, lock or pooled connection. ${count(failed, 'call')} to ${upstream} had failed before${promised}.`;
}

const lower = (sentence: string): string => sentence.charAt(0).toLowerCase() + sentence.slice(1);

/** Returns the last state of a breaker that the service logged before the last of these calls, if it logs them. */
const stateOf = (history: History, { name }: Breaker, calls: readonly RequestSample[]) =>
  history.all('transition').findLast(({ breaker, at }) => breaker === name && at <= (calls.at(-1)?.at ?? 0))?.to;

function whatItMet(arrival: Arrival): string {
  if (arrival.kind !== 'request') return 'a refused certificate';
  const { faults, status, outcome } = arrival;
  const [fault] = faults.map((name) => name.replace(/^[^:]*:/, '').replace(/^mix\//, ''));
  if (outcome === 'client-gone') return fault === undefined ? 'a caller who left' : `${fault}, and was given up`;
  return fault !== undefined && fault !== 'status' ? fault : `status ${status ?? 'of no answer'}`;
}
