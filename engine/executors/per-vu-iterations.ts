import { z } from 'zod';
import { named, wholeOr } from '../base/json-rules.ts';
import type { Executor } from './plan.ts';
import { repeat } from './repeat.ts';
import { common, maxDuration, readScenario, vus } from './schema.ts';
import { useWithin } from './window.ts';

const schema = named(
  z.strictObject({
    ...common,
    vus,
    iterations: wholeOr(1).refine((count) => count >= 1, 'the number of iterations must be more than 0'),
    maxDuration,
  }),
);

/** Runs a fixed number of iterations on each VU. Iterations left after `maxDuration` are dropped. */
export const perVuIterations: Executor = {
  type: 'per-vu-iterations',
  plan(name, options, share) {
    const config = readScenario(schema, name, options);
    const own = share.scale(config.vus);
    return {
      config,
      share,
      vus: own,
      maxVus: own,
      duration: config.maxDuration,
      async run(stage) {
        let begun = 0;
        stage.progress(() => begun / (own * config.iterations));
        await useWithin(stage, own, { ...config, duration: config.maxDuration }, async (worker, window) => {
          let left = config.iterations;
          await repeat(worker, () => {
            if (left === 0 || !window.isOpen) return false;
            left -= 1;
            begun += 1;
            return true;
          });
          if (left > 0 && !stage.signal.aborted) stage.drop(left);
        });
      },
    };
  },
};
