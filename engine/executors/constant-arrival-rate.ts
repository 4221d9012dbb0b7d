import { z } from 'zod';
import { named, whole } from '../base/json-rules.ts';
import { runArrivals, shareOfArrivals } from './arrival-rate.ts';
import { type Executor, ScenarioProblems } from './plan.ts';
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
    const read = readScenario(schema, name, options);
    const config = { ...read, maxVUs: read.maxVUs ?? read.preAllocatedVUs };
    if (config.maxVUs < config.preAllocatedVUs)
      throw new ScenarioProblems(["maxVUs can't be less than preAllocatedVUs"]);
    const rate = config.rate / config.timeUnit;
    const work = share.ofWorkFor(config.maxVUs);
    const own = shareOfArrivals(config, share);
    return {
      config,
      share: work,
      vus: own.preAllocatedVUs,
      maxVus: own.maxVUs,
      duration: config.duration,
      run: (stage) => runArrivals(own, [{ duration: config.duration, from: rate, to: rate }], work, stage),
    };
  },
};
