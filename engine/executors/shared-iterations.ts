import { z } from 'zod';
import { named, wholeOr } from '../base/json-rules.ts';
import { type Executor, ScenarioProblems } from './plan.ts';
import { repeat } from './repeat.ts';
import { common, maxDuration, readScenario, vus } from './schema.ts';
import { useWithin } from './window.ts';

const schema = named(
  z.strictObject({
    ...common,
    vus,
    iterations: wholeOr(1),
    maxDuration,
  }),
);

/**
 * Lets all VUs take iterations from a shared budget. Iterations left after `maxDuration` are dropped and recorded as a
 * single sample.
 */
export const sharedIterations: Executor = {
  type: 'shared-iterations',
  plan(name, options, share) {
    const config = readScenario(schema, name, options);
    if (config.vus > config.iterations) {
      throw new ScenarioProblems([
        `the number of iterations (${config.iterations}) can't be less than the number of VUs (${config.vus})`,
      ]);
    }
    const own = share.scale(config.vus);
    const work = share.ofWorkFor(config.vus);
    const iterations = work.scale(config.iterations);
    return {
      config,
      share: work,
      vus: own,
      maxVus: own,
      duration: config.maxDuration,
      async run(stage) {
        let left = iterations;
        stage.progress(() => 1 - left / iterations);
        await useWithin(stage, own, { ...config, duration: config.maxDuration }, (worker, window) =>
          repeat(worker, () => {
            if (left === 0 || !window.isOpen) return false;
            left -= 1;
            return true;
          }),
        );
        if (left > 0 && !stage.signal.aborted) stage.drop(left);
      },
    };
  },
};
