import { z } from 'zod';
import { named, whole, wholeOr } from '../base/json-rules.ts';
import { planArrivals } from './arrival-rate.ts';
import type { Executor } from './plan.ts';
import { common, preAllocatedVUs, readScenario, stages, timeUnit } from './schema.ts';

const schema = named(
  z.strictObject({
    ...common,
    startRate: wholeOr(0).refine((rate) => rate >= 0, "the startRate value can't be negative"),
    timeUnit,
    stages,
    preAllocatedVUs,
    maxVUs: whole.optional(),
  }),
);

/** Starts iterations at a rate that changes linearly to the target of each stage. */
export const rampingArrivalRate: Executor = {
  type: 'ramping-arrival-rate',
  plan(name, options, share) {
    const config = readScenario(schema, name, options);
    let from = config.startRate / config.timeUnit;
    const segments = config.stages.map((stage) => {
      const segment = { duration: stage.duration, from, to: stage.target / config.timeUnit };
      from = segment.to;
      return segment;
    });
    return planArrivals(config, segments, share);
  },
};
