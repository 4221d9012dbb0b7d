import { z } from 'zod';
import { named, whole, wholeOr } from '../base/json-rules.ts';
import { runArrivals, shareOfArrivals } from './arrival-rate.ts';
import type { RateSegment } from './arrival-times.ts';
import { type Executor, ScenarioProblems } from './plan.ts';
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
    const read = readScenario(schema, name, options);
    const config = { ...read, maxVUs: read.maxVUs ?? read.preAllocatedVUs };
    if (config.maxVUs < config.preAllocatedVUs)
      throw new ScenarioProblems(["maxVUs can't be less than preAllocatedVUs"]);
    let from = config.startRate / config.timeUnit;
    const segments: RateSegment[] = config.stages.map((stage) => {
      const segment = { duration: stage.duration, from, to: stage.target / config.timeUnit };
      from = segment.to;
      return segment;
    });
    const work = share.ofWorkFor(config.maxVUs);
    const own = shareOfArrivals(config, share);
    return {
      config,
      share: work,
      vus: own.preAllocatedVUs,
      maxVus: own.maxVUs,
      duration: segments.reduce((sum, segment) => sum + segment.duration, 0),
      run: (stage) => runArrivals(own, segments, work, stage),
    };
  },
};
