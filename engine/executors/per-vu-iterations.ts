import { wholeOr } from '../base/json-rules.ts';
import { repeat } from './repeat.ts';
import { defineExecutor, maxDuration, vus } from './schema.ts';
import { useWithin } from './window.ts';

const iterations = wholeOr(1).refine((count) => count >= 1, 'the number of iterations must be more than 0');

/** Runs a fixed number of iterations on each VU. Iterations left after `maxDuration` are dropped. */
export const perVuIterations = defineExecutor(
  'per-vu-iterations',
  { vus, iterations, maxDuration },
  (config, share) => {
    const own = share.scale(config.vus);
    return {
      vus: own,
      duration: config.maxDuration,
      async run(stage) {
        let done = 0;
        stage.progress(() => done / (own * config.iterations));
        await useWithin(stage, own, { ...config, duration: config.maxDuration }, async (worker, window) => {
          let left = config.iterations;
          const onDone = () => {
            left -= 1;
            done += 1;
          };
          await repeat(worker, () => left > 0 && window.isOpen, onDone);
          if (left > 0 && !stage.signal.aborted) stage.drop(left);
        });
      },
    };
  },
);
