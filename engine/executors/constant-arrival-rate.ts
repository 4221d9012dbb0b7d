import { z } from 'zod';
import { named, whole } from '../base/json-rules.ts';
import { planArrivals } from './arrival-rate.ts';
import type { Executor } from './plan.ts';
import { common, ownDuration, preAllocatedVUs, readScenario, required, timeUnit } from './schema.ts';

const schema = named(
  z.strictObject({
    ...common,
    rate: required(whole, "the iteration rate isn't specified").refine(
      (rate) => rate > 0,
      'the iteration rate must be more than 0',
    ),
    timeUnit,
    duration: ownDuration,
    preAllocatedVUs,
    maxVUs: whole.optional(),
  }),
);

/** Starts a fixed number of iterations per unit of time. */
export const constantArrivalRate: Executor = {
  type: 'constant-arrival-rate',
  plan(name, options, share) {
    const config = readScenario(schema, name, options);
    const rate = config.rate / config.timeUnit;
    return planArrivals(config, [{ duration: config.duration, from: rate, to: rate }], share);
  },
};
