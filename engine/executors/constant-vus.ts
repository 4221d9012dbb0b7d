import { repeat } from './repeat.ts';
import { defineExecutor, ownDuration, vus } from './schema.ts';
import { useWithin } from './window.ts';

/** Runs iterations back to back on each VU until the duration has elapsed. */
export const constantVus = defineExecutor('constant-vus', { vus, duration: ownDuration }, (config, share) => {
  const own = share.scale(config.vus);
  return {
    vus: own,
    duration: config.duration,
    async run(stage) {
      const begun = performance.now();
      stage.progress(() => (performance.now() - begun) / config.duration);
      await useWithin(stage, own, config, (worker, window) => repeat(worker, () => window.isOpen));
    },
  };
});
