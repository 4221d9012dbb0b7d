import type { CircuitBreaker } from '../../service/protections/circuit-breaker.ts';

/** A breaker that does as another one does, but for what is changed. */
export const aroundBreaker = (breaker: CircuitBreaker, changed: Partial<CircuitBreaker>): CircuitBreaker => ({
  get state() {
    return breaker.state;
  },
  call: (upstreamCall) => breaker.call(upstreamCall),
  refusal: () => breaker.refusal(),
  close: () => breaker.close(),
  ...changed,
});
