import type { z } from 'zod';
import { isJudged, isTimeoutOnce, promisedCallsOf } from './attempts.ts';
import type { judgedNumbers, promises } from './contract.ts';
import type { KnownFaults } from './known-faults.ts';
import { servedWithoutOf } from './schema/fallback.ts';
import { promisedAnswer } from './schema/on-fault.ts';
import { openingOf } from './schema/opening.ts';

/** Longer timeouts are not waited for. */
const LONGEST_SECONDS = 60;

/** A promised timeout of calls to an upstream through an endpoint. */
export interface PromisedTimeout {
  readonly endpoint: string;
  readonly upstream: string;
  readonly seconds: number;
  /** Whether a call ends neither much earlier nor later. Otherwise, it ends within this time. */
  readonly isExact: boolean;
}

type Described = Pick<z.output<typeof promises>, 'breakers' | 'endpoints' | 'upstreams'>;
type Counted = Pick<z.output<typeof judgedNumbers>, 'breakers' | 'limits'>;

/**
 * Returns the timeouts of HTTP upstreams that are called once if they hang: that of a breaker's calls through each
 * endpoint, or the time within which an endpoint answers while its upstream hangs. Calls of a breaker hang at the same
 * time, so there is one fewer than would open it. Calls that are repeated have no single timeout, and those
 * that count toward a limit for all clients would take a request from it.
 *
 * The time of an endpoint is the same in all profiles. If it is shorter than the timeout of a breaker of the upstream
 * in this profile, it is meant for another profile, and is left out.
 */
export function promisedTimeouts(contract: Described, numbers: Counted, known: KnownFaults): PromisedTimeout[] {
  const guarded = Object.entries(numbers.breakers).flatMap(([name, counts]) => {
    const { callTimeoutSeconds: seconds } = counts;
    const breaker = contract.breakers[name];
    if (seconds === undefined || !breaker || !isJudged(contract, breaker, known)) return [];
    const { upstream } = breaker;
    const most = Math.max(1, openingOf(counts).failures - 1);
    return guardedEndpoints(contract, breaker, seconds)
      .slice(0, most)
      .map((endpoint) => ({ endpoint, upstream, seconds, isExact: true }));
  });
  const others = Object.entries(contract.endpoints).flatMap(([endpoint, { reaches, onFault }]) => {
    return [...new Set(reaches)].flatMap((upstream) => {
      const { withinSeconds: seconds } = promisedAnswer(onFault, 'hang', upstream) ?? {};
      return seconds === undefined ? [] : [{ endpoint, upstream, seconds, isExact: false }];
    });
  });
  const isLeftOut = (timeout: PromisedTimeout) =>
    guarded
      .filter(({ upstream }) => upstream === timeout.upstream)
      .some(({ endpoint, seconds }) => endpoint === timeout.endpoint || timeout.seconds < seconds);
  return [...guarded, ...others.filter((timeout) => !isLeftOut(timeout))].filter(
    ({ seconds, upstream, endpoint }) =>
      seconds <= LONGEST_SECONDS &&
      isOneRequest(contract, upstream) &&
      numbers.limits[endpoint]?.clients !== 'together',
  );
}

/**
 * Returns the endpoints whose calls have the timeout of a breaker, its own first. A stream has other timeouts, and an
 * endpoint that promises a longer time is judged by that.
 */
function guardedEndpoints(
  contract: Described,
  { endpoint: own, upstream }: { endpoint: string; upstream: string },
  seconds: number,
): string[] {
  const others = Object.entries(contract.endpoints)
    .filter(([name, { reaches, stream }]) => name !== own && reaches.includes(upstream) && stream === undefined)
    .filter(([, { onFault }]) => (promisedAnswer(onFault, 'hang', upstream)?.withinSeconds ?? 0) < seconds)
    .map(([name]) => name);
  return [own, ...others].filter((name) => {
    const described = contract.endpoints[name];
    return described === undefined || !servedWithoutOf(described).includes(upstream);
  });
}

/** Whether all of a call's time at an upstream is that of a single HTTP request. */
function isOneRequest(contract: Described, upstream: string): boolean {
  const described = contract.upstreams[upstream];
  if (described === undefined || described.tcp !== undefined) return false;
  return isTimeoutOnce(promisedCallsOf(contract, upstream));
}
