import { type Breaker, breakerOf, type Facts } from '../lib/checker.ts';

/** Returns the breakers of an upstream that this many failures may open. */
export const breakersOpenedBy = (failures: number, upstream: string, facts: Facts): Breaker[] =>
  Object.keys(facts.numbers.breakers)
    .map((breaker) => breakerOf({ ...facts, breaker }))
    .filter((breaker) => breaker.upstream === upstream)
    .filter(({ opening }) => failures >= (opening.alone ?? opening.failures));
