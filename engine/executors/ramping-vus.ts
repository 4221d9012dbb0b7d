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
      const slots = stage.take(own).map((worker) => {
        window.watch(worker);
        return new Slot(worker, window, config.gracefulRampDown);
      });
      const want = (vus: number) => {
        for (const [index, slot] of slots.entries()) slot.want(share.numberOf(index) < vus);
      };
      const timers = steps.map(({ time, vus }) => setTimeout(want, time, vus));
      await new Promise<void>((resolve) => window.onClose(resolve));
      for (const timer of timers) clearTimeout(timer);
      await Promise.all(slots.map((slot) => slot.end()));
      window.dispose();
      for (const slot of slots) stage.give(slot.worker);
    },
  };
});

/** One position in the ramp. It keeps its VU even while it is inactive. */
class Slot {
  readonly worker: Worker;
  readonly #window: Window;
  readonly #patience: number;
  #isWanted = false;
  #running: Promise<void> | null = null;
  #cut: NodeJS.Timeout | undefined;

  constructor(worker: Worker, window: Window, patience: number) {
    this.worker = worker;
    this.#window = window;
    this.#patience = patience;
  }

  want(wanted: boolean): void {
    if (wanted === this.#isWanted) return;
    this.#isWanted = wanted;
    clearTimeout(this.#cut);
    if (wanted) this.#running ??= this.#run();
    else this.#cut = setTimeout(() => this.worker.interrupt(), this.#patience);
  }

  async end(): Promise<void> {
    await this.#running;
    clearTimeout(this.#cut);
  }

  async #run(): Promise<void> {
    await repeat(this.worker, () => this.#isWanted && this.#window.isOpen);
    this.#running = null;
    clearTimeout(this.#cut);
  }
}
