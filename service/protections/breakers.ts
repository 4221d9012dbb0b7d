import type { Logger } from 'pino';
import type { Clock } from '../base/clock.ts';
import { UPSTREAM_CALL, UPSTREAM_TITLE, type Upstream } from '../base/upstream.ts';
import type { Metrics } from '../observability/metrics.ts';
import { outsideRequests } from '../observability/request-context.ts';
import { BreakerTimes } from './breaker-times.ts';
import { type BreakerTransition, type CircuitBreaker, disabledBreaker, OpossumBreaker } from './circuit-breaker.ts';

/** One breaker per upstream. They are independent of each other. */
export type Breakers = Readonly<Record<Upstream, CircuitBreaker>>;

/** The settings for both breakers. Times are in milliseconds. */
export interface BreakerSettings {
  readonly enabled: boolean;
  readonly failureThreshold: number;
  readonly recoveryTimeoutMs: number;
}

/** The breakers' dependencies. `upstreamTimeoutMs` is the timeout for an upstream call. */
export interface BreakerSurroundings {
  readonly upstreamTimeoutMs: number;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly metrics: Metrics;
}

// Long enough for a call to reach its own timeout first, even on a busy machine.
const TIMEOUT_MARGIN_MS = 1000;

/** Creates both breakers. Logs their transitions, counts how often they open, and measures the time in each state. */
export function createBreakers(settings: BreakerSettings, surroundings: BreakerSurroundings): Breakers {
  const { upstreamTimeoutMs, clock, logger, metrics } = surroundings;
  const times = new BreakerTimes(metrics.registry, clock);
  const create = (upstream: Upstream): CircuitBreaker => {
    times.enter(upstream, settings.enabled ? 'closed' : 'disabled');
    if (!settings.enabled) return disabledBreaker;
    return new OpossumBreaker({
      upstream,
      failureThreshold: settings.failureThreshold,
      recoveryTimeoutMs: settings.recoveryTimeoutMs,
      callTimeoutMs: upstreamTimeoutMs + TIMEOUT_MARGIN_MS,
      clock,
      onTransition: (transition) => {
        times.enter(upstream, transition.to);
        const log = () => logTransition(logger, settings.recoveryTimeoutMs, transition);
        // The request that opened the breaker started the recovery timer, but the timer is not part of that request.
        if (transition.to === 'half_open') outsideRequests(log);
        else log();
        if (transition.to === 'open') metrics.breakerOpenings.inc({ breaker: transition.breaker });
      },
    });
  };
  return { llm: create('llm'), memory: create('memory') };
}

/**
 * Logs a transition with the exact text from the specification. The prescribed line for a recovery does not include the
 * breaker's name, so every line has a `breaker` field. The line for an opening names the breaker after one of its
 * calls. If others failed, they are appended. `make advise` uses `failures` and `recovery_seconds`.
 */
export function logTransition(logger: Logger, recoveryTimeoutMs: number, transition: BreakerTransition): void {
  const { breaker, to, failures, failedCalls = [] } = transition;
  const fields = { breaker, state: to, failures, recovery_seconds: recoveryTimeoutMs / 1000 };
  if (to === 'open') {
    const name = UPSTREAM_CALL[breaker];
    const failedText = failedCalls.some((call) => call !== name) ? ` (failed: ${failedCalls.join(', ')})` : '';
    logger.warn(fields, `⚠️ Circuit breaker opened for ${name} after ${failures} failures${failedText}`);
  } else if (to === 'half_open') {
    logger.info(fields, `⏱️ Circuit breaker attempting recovery after ${recoveryTimeoutMs / 1000} seconds`);
  } else {
    logger.info(fields, `✅ Circuit breaker closed - ${UPSTREAM_TITLE[breaker]} recovered`);
  }
}
