import { wholeOr } from '../base/json-rules.ts';
import { ScenarioProblems } from './plan.ts';
import { repeat } from './repeat.ts';
import { defineExecutor, maxDuration, vus } from './schema.ts';
import { useWithin } from './window.ts';

/** Lets all VUs take iterations from a budget. Those left after `maxDuration` are dropped as a single sample. */
export const sharedIterations = defineExecutor(
  'shared-iterations',
  { vus, iterations: wholeOr(1), maxDuration },
  (config, share) => {
    if (config.vus > config.iterations) {
      throw new ScenarioProblems([
        `the number of iterations (${config.iterations}) can't be less than the number of VUs (${config.vus})`,
      ]);
    }
    const own = share.scale(config.vus);
    const work = share.ofWorkFor(config.vus);
    const iterations = work.scale(config.iterations);
    return {
      share: work,
      vus: own,
      duration: config.maxDuration,
      async run(stage) {
        let left = iterations;
        let done = 0;
        stage.progress(() => done / iterations);
        const goesOn = (window: { isOpen: boolean }) => {
          if (left === 0 || !window.isOpen) return false;
          left -= 1;
          return true;
        };
        await useWithin(stage, own, { ...config, duration: config.maxDuration }, (worker, window) =>
          repeat(
            worker,
            () => goesOn(window),
            () => {
              done += 1;
            },
          ),
        );
        if (left > 0 && !stage.signal.aborted) stage.drop(left);
      },
    };
  },
);
