import { z } from 'zod';
import { runArrivals, shareOfArrivals } from './arrival-rate.ts';
import { type Executor, ScenarioProblems } from './plan.ts';
import { common, duration, longDuration, readScenario } from './schema.ts';

const schema = z.strictObject({
  ...common,
  rate: z.number().positive('the iteration rate must be more than 0'),
  timeUnit: duration.default(1_000),
  duration: longDuration('duration'),
  preAllocatedVUs: z.int().min(0, "the number of preAllocatedVUs can't be negative"),
  maxVUs: z.int().optional(),
});

/** So many iterations begin in each unit of time. */
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
