import { whole, wholeOr } from '../base/json-rules.ts';
import type { Alarm } from './alarm.ts';
import { constantTimes, durationOf, rampingTimes } from './arrival-times.ts';
import { type Plan, type ScenarioConfig, ScenarioProblems } from './plan.ts';
import { defineExecutor, ownDuration, preAllocatedVUs, required, stages, timeUnit } from './schema.ts';
import type { Share } from './share.ts';
import type { Stage, Worker } from './stage.ts';
import { Window } from './window.ts';

/** Options for the arrival-rate executors, which start iterations on a schedule. */
export interface ArrivalConfig extends ScenarioConfig {
  readonly preAllocatedVUs: number;
  readonly maxVUs: number;
}

/** When iterations are due. */
export interface Schedule {
  /** Milliseconds since the scenario's start, in ascending order. */
  readonly times: () => Iterator<number>;
  readonly duration: number;
  /** Whether the scenario lasts for its whole duration, even if no more iterations are due. */
  readonly isSteady: boolean;
}

/**
 * Plans a scenario that starts iterations on a schedule. `maxVUs` defaults to `preAllocatedVUs`.
 *
 * @throws ScenarioProblems if `maxVUs` is too low
 */
function planArrivals(
  given: ScenarioConfig & { readonly preAllocatedVUs: number; readonly maxVUs?: number | undefined },
  schedule: Schedule,
  share: Share,
): Pick<Plan, 'share' | 'vus' | 'maxVus' | 'duration' | 'run'> {
  const config = { ...given, maxVUs: given.maxVUs ?? given.preAllocatedVUs };
  if (config.maxVUs < config.preAllocatedVUs) throw new ScenarioProblems(["maxVUs can't be less than preAllocatedVUs"]);
  const work = share.ofWorkFor(config.maxVUs);
  const [vus, maxVus] = [share.scale(config.preAllocatedVUs), share.scale(config.maxVUs)];
  const own = { ...config, preAllocatedVUs: vus, maxVUs: maxVus };
  return {
    share: work,
    vus,
    maxVus,
    duration: schedule.duration,
    run: (stage) => runArrivals(own, schedule, work, stage),
  };
}

/**
 * Starts iterations on a schedule, regardless of whether earlier ones have finished. If no VU is free when an iteration
 * is due, the iteration is dropped, even if a new VU is already being created (golden record 19). As in k6, VUs are
 * created one after another.
 */
export async function runArrivals(
  { gracefulStop, preAllocatedVUs, maxVUs }: ArrivalConfig,
  { times, duration, isSteady }: Schedule,
  share: Share,
  stage: Stage,
): Promise<void> {
  const alarm = await stage.alarm();
  // Take the VUs before the clock starts, since taking hundreds of them takes milliseconds.
  const free = await Promise.all(Array.from({ length: preAllocatedVUs }, () => stage.take()));
  const window = new Window(stage, duration, gracefulStop);
  const begun = performance.now();
  stage.progress(() => window.elapsed / duration);

  const all = new Set<Worker>(free);
  for (const worker of all) window.watch(worker);
  let running = 0;
  let onIdle = () => {};
  let warned = false;
  let left = maxVUs - preAllocatedVUs;
  let growing: Promise<void> | null = null;

  const begin = (worker: Worker, due: number) => {
    running += 1;
    stage.activate(1);
    worker.iterate(() => {
      free.push(worker);
      stage.activate(-1);
      running -= 1;
      if (running === 0) onIdle();
    }, due);
  };
  const grow = async () => {
    left -= 1;
    const worker = await stage.grow();
    growing = null;
    if (!worker) return;
    all.add(worker);
    window.watch(worker);
    free.push(worker);
  };
  let arrived = 0;
  const arrive = (due: number) => {
    arrived += 1;
    if (!share.has(arrived - 1)) return;
    // Without a grace period, an iteration that is due at the end would be interrupted at once.
    if (gracefulStop === 0 && due - begun >= duration) return;
    const worker = free.pop();
    if (worker) {
      begin(worker, due);
      return;
    }
    stage.drop(1);
    if (left > 0) growing ??= grow();
    else if (!warned) {
      stage.warnOfShortage(maxVUs);
      warned = true;
    }
  };

  await onSchedule(times(), begun, stage.signal, alarm, arrive);
  alarm.stop();
  if (isSteady) await window.closed;
  await growing;
  if (running > 0) await new Promise<void>((resolve) => (onIdle = resolve));
  window.dispose();
  for (const worker of all) stage.give(worker);
}

/** Iterations due within this many milliseconds start together, since each wake-up takes CPU time. */
const TICK = 0.2;

/**
 * Start at most 16 overdue iterations before handling pending responses. Otherwise each of them would need a VU without
 * an open connection, and connecting takes ten times as long as a request on an open connection. That would delay later
 * iterations, which would then need even more VUs.
 */
const AT_ONCE = 16;

/** Calls `arrive` at each scheduled time, in milliseconds after `begun`. Overdue iterations start at once. */
function onSchedule(
  times: Iterator<number>,
  begun: number,
  signal: AbortSignal,
  alarm: Alarm,
  arrive: (due: number) => void,
): Promise<void> {
  return new Promise((resolve) => {
    const stop = () => {
      signal.removeEventListener('abort', stop);
      resolve();
    };
    signal.addEventListener('abort', stop);
    let next = times.next();
    const go = () => {
      const elapsed = performance.now() - begun;
      for (let left = AT_ONCE; left > 0 && !next.done && next.value <= elapsed; left -= 1, next = times.next()) {
        arrive(begun + next.value);
      }
      if (next.done || signal.aborted) stop();
      else if (next.value <= elapsed) setImmediate(go);
      else alarm.set(Math.max(TICK, next.value - (performance.now() - begun)), go);
    };
    go();
  });
}

const rate = required(whole, "the iteration rate isn't specified").refine(
  (perUnit) => perUnit > 0,
  'the iteration rate must be more than 0',
);

/** Starts a fixed number of iterations per unit of time. */
export const constantArrivalRate = defineExecutor(
  'constant-arrival-rate',
  { rate, timeUnit, duration: ownDuration, preAllocatedVUs, maxVUs: whole.optional() },
  (config, share) => {
    const { rate: perUnit, timeUnit: unit, duration } = config;
    const times = () => constantTimes(perUnit, unit, duration);
    return planArrivals(config, { times, duration, isSteady: true }, share);
  },
);

const startRate = wholeOr(0).refine((rate) => rate >= 0, "the startRate value can't be negative");

/** Starts iterations at a rate that changes linearly to the target of each stage. */
export const rampingArrivalRate = defineExecutor(
  'ramping-arrival-rate',
  { startRate, timeUnit, stages, preAllocatedVUs, maxVUs: whole.optional() },
  (config, share) => {
    const times = () => rampingTimes(config.startRate, config.timeUnit, config.stages);
    return planArrivals(config, { times, duration: durationOf(config.stages), isSteady: false }, share);
  },
);
