import { whole, wholeOr } from '../base/json-rules.ts';
import { planArrivals } from './arrival-rate.ts';
import { durationOf, rampingTimes } from './arrival-times.ts';
import { defineExecutor, preAllocatedVUs, stages, timeUnit } from './schema.ts';

const startRate = wholeOr(0).refine((rate) => rate >= 0, "the startRate value can't be negative");

/** Starts iterations at a rate that changes linearly to the target of each stage. */
export const rampingArrivalRate = defineExecutor(
  'ramping-arrival-rate',
  { startRate, timeUnit, stages, preAllocatedVUs, maxVUs: whole.optional() },
  (config, share) => {
    const times = () => rampingTimes(config.startRate, config.timeUnit, config.stages);
    return planArrivals(config, { times, duration: durationOf(config.stages), isSteady: false }, share);
  },
);
