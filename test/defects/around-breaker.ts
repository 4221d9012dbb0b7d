import type { CircuitBreaker } from '../../service/protections/circuit-breaker.ts';

/** Returns a breaker that behaves like another one except for the given methods. */
export const aroundBreaker = (breaker: CircuitBreaker, changed: Partial<CircuitBreaker>): CircuitBreaker => ({
  get state() {
    return breaker.state;
  },
  call: (upstreamCall, name) => breaker.call(upstreamCall, name),
  refusal: () => breaker.refusal(),
  close: () => breaker.close(),
  ...changed,
});
