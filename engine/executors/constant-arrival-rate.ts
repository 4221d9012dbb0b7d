import { whole } from '../base/json-rules.ts';
import { planArrivals } from './arrival-rate.ts';
import { defineExecutor, ownDuration, preAllocatedVUs, required, timeUnit } from './schema.ts';

const rate = required(whole, "the iteration rate isn't specified").refine(
  (perUnit) => perUnit > 0,
  'the iteration rate must be more than 0',
);

/** Starts a fixed number of iterations per unit of time. */
export const constantArrivalRate = defineExecutor(
  'constant-arrival-rate',
  { rate, timeUnit, duration: ownDuration, preAllocatedVUs, maxVUs: whole.optional() },
  (config, share) => {
    const perMs = config.rate / config.timeUnit;
    return planArrivals(config, [{ duration: config.duration, from: perMs, to: perMs }], share);
  },
);
