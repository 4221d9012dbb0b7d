import { whole } from '../base/json-rules.ts';
import { planArrivals } from './arrival-rate.ts';
import { constantTimes } from './arrival-times.ts';
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
    const { rate: perUnit, timeUnit: unit, duration } = config;
    const times = () => constantTimes(perUnit, unit, duration);
    return planArrivals(config, { times, duration, isSteady: true }, share);
  },
);
