import { duration, wholeOr } from '../base/json-rules.ts';
import { durationOf } from './arrival-times.ts';
import { ScenarioProblems } from './plan.ts';
import { repeat } from './repeat.ts';
import { defineExecutor, stages } from './schema.ts';
import type { Worker } from './stage.ts';
import { vuSteps } from './vu-steps.ts';
import { Window } from './window.ts';

const startVUs = wholeOr(1).refine((count) => count >= 0, "the number of start VUs can't be negative");
const gracefulRampDown = duration.transform((ms) => Math.max(0, ms)).default(30_000);

/**
 * Adds and removes VUs one by one. A removed VU has `gracefulRampDown` to finish its iteration. If it is needed again
 * before that, it simply continues.
 */
export const rampingVus = defineExecutor('ramping-vus', { startVUs, stages, gracefulRampDown }, (config, share) => {
  const steps = vuSteps(config.startVUs, config.stages);
  const most = Math.max(...steps.map(({ vus }) => vus));
  if (most === 0)
    throw new ScenarioProblems(["either startVUs or one of the stages' target values must be greater than 0"]);
  const total = durationOf(config.stages);
  const own = share.scale(most);
  return {
    vus: own,
    duration: total,
    async run(stage) {
      const window = new Window(stage, total, config.gracefulStop);
      const begun = performance.now();
      stage.progress(() => (performance.now() - begun) / total);
      const workers = stage.take(own);
      for (const worker of workers) window.watch(worker);
      const slots = workers.map((worker) => slotOf(worker, window, config.gracefulRampDown));
      const want = (vus: number) => {
        for (const [index, slot] of slots.entries()) slot.want(share.numberOf(index) < vus);
      };
      const timers = steps.map(({ time, vus }) => setTimeout(want, time, vus));
      await new Promise<void>((resolve) => window.onClose(resolve));
      for (const timer of timers) clearTimeout(timer);
      await Promise.all(slots.map((slot) => slot.end()));
      window.dispose();
      for (const worker of workers) stage.give(worker);
    },
  };
});

/** One position in the ramp. It keeps its VU even while it is inactive. */
function slotOf(worker: Worker, window: Window, patience: number) {
  let isWanted = false;
  let running: Promise<void> | null = null;
  let cut: NodeJS.Timeout | undefined;
  const run = async () => {
    await repeat(worker, () => isWanted && window.isOpen);
    running = null;
    clearTimeout(cut);
  };
  return {
    want(wanted: boolean): void {
      if (wanted === isWanted) return;
      isWanted = wanted;
      clearTimeout(cut);
      if (wanted) running ??= run();
      else cut = setTimeout(() => worker.interrupt(), patience);
    },
    async end(): Promise<void> {
      await running;
      clearTimeout(cut);
    },
  };
}
