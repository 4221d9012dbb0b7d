import { z } from 'zod';
import { named } from '../base/json-rules.ts';
import type { Executor } from './plan.ts';
import { repeat } from './repeat.ts';
import { common, ownDuration, readScenario, vus } from './schema.ts';
import { useWithin } from './window.ts';

const schema = named(z.strictObject({ ...common, vus, duration: ownDuration }));

/** Runs iterations back to back on each VU until the duration has elapsed. */
export const constantVus: Executor = {
  type: 'constant-vus',
  plan(name, options, share) {
    const config = readScenario(schema, name, options);
    const own = share.scale(config.vus);
    return {
      config,
      share,
      vus: own,
      maxVus: own,
      duration: config.duration,
      async run(stage) {
        const begun = performance.now();
        stage.progress(() => (performance.now() - begun) / config.duration);
        await useWithin(stage, own, config, (worker, window) => repeat(worker, () => window.isOpen));
      },
    };
  },
};
