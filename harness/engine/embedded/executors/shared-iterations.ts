import { z } from 'zod';
import { type Executor, ScenarioProblems } from './plan.ts';
import { common, longDuration, readScenario, vus } from './schema.ts';
import { Window } from './window.ts';

const schema = z.strictObject({
  ...common,
  vus: vus.default(1),
  iterations: z.int().min(1, 'the number of iterations must be more than 0').default(1),
  maxDuration: longDuration('maxDuration').default(600_000),
});

/** VUs take iterations from one budget; what is left of it after `maxDuration` is dropped, as one point. */
export const sharedIterations: Executor = {
  type: 'shared-iterations',
  plan(name, options) {
    const config = readScenario(schema, name, options);
    if (config.vus > config.iterations) {
      throw new ScenarioProblems([
        `the number of iterations (${config.iterations}) can't be less than the number of VUs (${config.vus})`,
      ]);
    }
    return {
      config,
      vus: config.vus,
      maxVus: config.vus,
      duration: config.maxDuration,
      async run(stage) {
        const window = new Window(stage, config.maxDuration, config.gracefulStop);
        let left = config.iterations;
        stage.progress(() => 1 - left / config.iterations);
        await Promise.all(
          stage.take(config.vus).map(async (worker) => {
            window.watch(worker);
            while (left > 0 && window.isOpen) {
              left -= 1;
              await worker.iterate();
            }
            stage.give(worker);
          }),
        );
        if (left > 0 && !window.wasAborted) stage.drop(left);
        window.dispose();
      },
    };
  },
};
