import type { Alarm } from './alarm.ts';
import { arrivalTimes, durationOf, type RateSegment } from './arrival-times.ts';
import { type Plan, type ScenarioConfig, ScenarioProblems } from './plan.ts';
import type { Share } from './share.ts';
import type { Stage, Worker } from './stage.ts';
import { Window } from './window.ts';

/** Options for the arrival-rate executors, which start iterations on a schedule. */
export interface ArrivalConfig extends ScenarioConfig {
  readonly preAllocatedVUs: number;
  readonly maxVUs: number;
}

/**
 * Plans a scenario that starts iterations on a schedule. `maxVUs` defaults to `preAllocatedVUs`.
 *
 * @throws ScenarioProblems if `maxVUs` is too low
 */
export function planArrivals(
  given: ScenarioConfig & { readonly preAllocatedVUs: number; readonly maxVUs?: number | undefined },
  segments: readonly RateSegment[],
  share: Share,
): Plan {
  const config = { ...given, maxVUs: given.maxVUs ?? given.preAllocatedVUs };
  if (config.maxVUs < config.preAllocatedVUs) throw new ScenarioProblems(["maxVUs can't be less than preAllocatedVUs"]);
  const work = share.ofWorkFor(config.maxVUs);
  const [vus, maxVus] = [share.scale(config.preAllocatedVUs), share.scale(config.maxVUs)];
  const own = { ...config, preAllocatedVUs: vus, maxVUs: maxVus };
  return {
    config,
    share: work,
    vus,
    maxVus,
    duration: durationOf(segments),
    run: (stage) => runArrivals(own, segments, work, stage),
  };
}

/**
 * Starts iterations on a schedule, regardless of whether earlier ones have finished. If no VU is free when an iteration
 * is due, the iteration is dropped, even if a new VU is already being created (golden record 19).
 */
export async function runArrivals(
  config: ArrivalConfig,
  segments: readonly RateSegment[],
  share: Share,
  stage: Stage,
): Promise<void> {
  const duration = durationOf(segments);
  const alarm = await stage.alarm();
  // Take the VUs before the clock starts, since taking hundreds of them takes milliseconds.
  const free = stage.take(config.preAllocatedVUs);
  const window = new Window(stage, duration, config.gracefulStop);
  const begun = performance.now();
  stage.progress(() => (performance.now() - begun) / duration);

  const all = new Set<Worker>(free);
  /** Number of running iterations and of VUs that are being created. */
  let active = 0;
  let onIdle = () => {};
  let warned = false;
  let growing = 0;
  for (const worker of all) window.watch(worker);

  const end = () => {
    active -= 1;
    if (active === 0) onIdle();
  };
  const begin = (worker: Worker, due: number) => {
    active += 1;
    worker.iterate(() => {
      free.push(worker);
      end();
    }, due);
  };
  const grow = async () => {
    active += 1;
    growing += 1;
    const worker = await stage.grow();
    growing -= 1;
    if (worker) {
      all.add(worker);
      window.watch(worker);
      free.push(worker);
    }
    end();
  };
  let arrived = 0;
  const arrive = (due: number) => {
    arrived += 1;
    if (!share.has(arrived - 1)) return;
    const worker = free.pop();
    if (worker) {
      begin(worker, due);
      return;
    }
    stage.drop(1);
    if (all.size + growing < config.maxVUs) {
      void grow();
      return;
    }
    if (!warned) stage.warnOfShortage(all.size);
    warned = true;
  };

  await onSchedule(arrivalTimes(segments), begun, stage.signal, alarm, arrive);
  alarm.stop();
  if (active > 0) await new Promise<void>((resolve) => (onIdle = resolve));
  window.dispose();
  for (const worker of all) stage.give(worker);
}

/**
 * Iterations that are due within this many milliseconds of each other start together. Waking up more often would take
 * CPU time away from requests.
 */
const TICK = 0.2;

/**
 * Start at most 16 overdue iterations before handling pending responses. Otherwise each of them would need a VU without
 * an open connection, and connecting takes ten times as long as a request on an open connection. That would delay later
 * iterations, which would then need even more VUs.
 */
const AT_ONCE = 16;

/**
 * Calls `arrive` when each scheduled time is reached. Scheduled times are in milliseconds after `begun`. Overdue
 * iterations start without a pause.
 */
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
