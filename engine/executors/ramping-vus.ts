import { duration, wholeOr } from '../base/json-rules.ts';
import { durationOf } from './arrival-times.ts';
import { ScenarioProblems } from './plan.ts';
import { repeat } from './repeat.ts';
import { defineExecutor, stages } from './schema.ts';
import type { Worker } from './stage.ts';
import { vuSteps, withRampDowns } from './vu-steps.ts';
import { Window } from './window.ts';

const startVUs = wholeOr(1).refine((count) => count >= 0, "the number of start VUs can't be negative");
const gracefulRampDown = duration.transform((ms) => Math.max(0, ms)).default(30_000);

/** Adds and removes VUs one by one. A removed VU has `gracefulRampDown` to finish, unless it is needed again. */
export const rampingVus = defineExecutor('ramping-vus', { startVUs, stages, gracefulRampDown }, (config, share) => {
  if (config.startVUs === 0 && config.stages.every(({ target }) => target === 0))
    throw new ScenarioProblems(["either startVUs or one of the stages' target values must be greater than 0"]);
  const steps = vuSteps(config.startVUs, config.stages, (vus) => share.scale(vus));
  const end = steps.at(-1);
  // As in k6, a ramp ends when it has reached 0 for the last time.
  const total = end?.vus === 0 ? end.time : durationOf(config.stages);
  const needed = withRampDowns(steps, config.gracefulRampDown, durationOf(config.stages) + config.gracefulStop);
  const most = needed.reduce((max, { vus }) => Math.max(max, vus), 0);
  return {
    vus: most,
    duration: total,
    needs: needed.map((need) => ({ ...need, extra: 0 })),
    async run(stage) {
      const window = new Window(stage, total, (needed.at(-1)?.time ?? total) - total);
      stage.progress(() => window.elapsed / total);
      let [wanted, allowed] = [0, 0];
      const slots = Array.from({ length: most }, (_, index) => slotOf(window, () => index < wanted));
      const want = (vus: number) => {
        const added = slots.slice(wanted, vus);
        wanted = vus;
        for (const slot of added) slot.start();
      };
      const allow = (vus: number) => {
        for (const slot of slots.slice(vus, allowed)) slot.interrupt();
        allowed = vus;
      };
      const timers = [
        ...steps.map(({ time, vus }) => setTimeout(want, time, vus)),
        ...needed.map(({ time, vus }) => setTimeout(allow, time, vus)),
      ];
      await window.closed;
      await Promise.all(slots.map((slot) => slot.ended()));
      for (const timer of timers) clearTimeout(timer);
      window.dispose();
    },
  };
});

/** One position in the ramp. As in k6, it takes a VU when it becomes active, and gives it back afterwards. */
function slotOf(window: Window, isWanted: () => boolean) {
  const goesOn = () => isWanted() && window.isOpen;
  let worker: Worker | null = null;
  let running: Promise<void> | null = null;
  const run = async () => {
    while (goesOn()) {
      await window.use(async (taken) => {
        worker = taken;
        await repeat(taken, goesOn);
        worker = null;
      });
    }
    running = null;
  };
  return {
    start: () => {
      running ??= run();
    },
    interrupt: () => worker?.interrupt(),
    ended: async () => running,
  };
}
