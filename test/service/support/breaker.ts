import { systemClock } from '../../../service/base/clock.ts';
import { ServiceError } from '../../../service/base/errors.ts';
import { logTransition } from '../../../service/protections/breakers.ts';
import { type CircuitBreakerOptions, OpossumBreaker } from '../../../service/protections/circuit-breaker.ts';
import { UpstreamError } from '../../../service/upstreams/upstream-error.ts';
import { recordLog } from './log-recorder.ts';

/**
 * Creates a breaker with the settings from the specification, and a log. Install fake timers first, because opossum
 * starts timers immediately.
 */
export function createBreaker(overrides: Partial<CircuitBreakerOptions> = {}) {
  const { logger, lines, messages } = recordLog();
  const breaker = new OpossumBreaker({
    upstream: 'llm',
    failureThreshold: 5,
    recoveryTimeoutMs: 60_000,
    callTimeoutMs: 11_000,
    clock: systemClock,
    onTransition: (transition) => logTransition(logger, overrides.recoveryTimeoutMs ?? 60_000, transition),
    ...overrides,
  });
  return { breaker, lines, messages };
}

export type Breaker = ReturnType<typeof createBreaker>['breaker'];

/** A call's result: `ok` or its error code. */
export type Outcome = 'ok' | 'llm_unavailable' | 'llm_circuit_open' | (string & {});

async function outcomeOf(call: Promise<unknown>): Promise<Outcome> {
  try {
    await call;
    return 'ok';
  } catch (error) {
    return (error as { code?: string }).code ?? String(error);
  }
}

export const succeed = (breaker: Breaker) => outcomeOf(breaker.call(async () => 'answer'));

export const fail = (breaker: Breaker) =>
  outcomeOf(breaker.call(() => Promise.reject(new UpstreamError('llm', 'down'))));

/** Makes a call that ends with a 4xx response, which is not a failure of the upstream. */
export const failUncounted = (breaker: Breaker) =>
  outcomeOf(breaker.call(() => Promise.reject(new UpstreamError('llm', '400', { countsAsFailure: false }))));

/** Makes a call that the service itself rejects. */
export const refuse = (breaker: Breaker) =>
  outcomeOf(breaker.call(() => Promise.reject(new ServiceError('llm_busy', 'as many as may be are under way'))));

export async function failTimes(breaker: Breaker, times: number): Promise<void> {
  for (let n = 0; n < times; n += 1) await fail(breaker);
}

/** Starts a call that ends when the test says so. */
export function startCall(breaker: Breaker) {
  const upstream = Promise.withResolvers<string>();
  const outcome = outcomeOf(breaker.call(() => upstream.promise));
  return {
    outcome,
    succeed: () => {
      upstream.resolve('answer');
      return outcome;
    },
    fail: () => {
      upstream.reject(new UpstreamError('llm', 'down'));
      return outcome;
    },
  };
}
