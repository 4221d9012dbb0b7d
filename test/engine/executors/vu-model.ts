/** Options of a scenario, and how long its iterations take. All times are in milliseconds. */
export type Modelled = {
  readonly takes: number;
  readonly startTime: number;
  readonly gracefulStop: number;
} & (
  | { readonly executor: 'constant-vus'; readonly vus: number; readonly duration: number }
  | {
      readonly executor: 'per-vu-iterations' | 'shared-iterations';
      readonly vus: number;
      readonly iterations: number;
      readonly maxDuration: number;
    }
  | {
      readonly executor: 'ramping-vus';
      readonly startVUs: number;
      readonly stages: readonly { readonly duration: number; readonly target: number }[];
      readonly gracefulRampDown: number;
    }
  | {
      readonly executor: 'constant-arrival-rate';
      readonly rate: number;
      readonly duration: number;
      readonly preAllocatedVUs: number;
      readonly maxVUs: number;
    }
);

interface Seen {
  iterations: number;
  dropped: number;
}

/** All that scenarios do, except for ending iterations, happens at whole tenths of a second. */
const TENTH = 100;
/** All scenarios have ended by then. */
const FOREVER = 20_000;

/**
 * Simulates scenarios millisecond by millisecond from k6's documentation, without the engine's code: each VU is a
 * number of milliseconds that its iteration still needs.
 */
export function modelOf(scenarios: readonly Modelled[]) {
  const seen: Seen[] = scenarios.map(() => ({ iterations: 0, dropped: 0 }));
  const runs = scenarios.map((scenario, index) => simulate(scenario, seen[index] as Seen));
  const active: number[] = [];
  for (let time = 0; time < FOREVER; time += 1) {
    const busy = runs.reduce((sum, run) => sum + run(time), 0);
    if (time % TENTH === 13) active.push(busy);
  }
  const order = scenarios
    .map((_, index) => index)
    .sort((a, b) => (scenarios[a]?.startTime ?? 0) - (scenarios[b]?.startTime ?? 0) || a - b);
  return { active, seen, ...reserved(order.map((index) => scenarios[index] as Modelled)) };
}

type Ramp = Extract<Modelled, { executor: 'ramping-vus' }>;

const lengthOf = ({ stages }: Ramp): number => stages.reduce((sum, { duration }) => sum + duration, 0);

/** When a scenario stops to start iterations, after its start. A ramp ends when it stays at 0. */
function endOf(scenario: Modelled): number {
  if (scenario.executor !== 'ramping-vus') return 'maxDuration' in scenario ? scenario.maxDuration : scenario.duration;
  let end = lengthOf(scenario);
  while (end > 0 && wantedAt(scenario, end - TENTH) === 0) end -= TENTH;
  return end;
}

/** The VUs of a ramp from a given tenth of a second on: one more or less at equal intervals. */
function wantedAt({ startVUs, stages }: Ramp, time: number): number {
  let from = startVUs;
  let begin = 0;
  for (const { duration, target } of stages) {
    if (time < begin + duration) return from + Math.trunc(((target - from) * (time - begin)) / duration);
    begin += duration;
    from = target;
  }
  return from;
}

/** Returns a function that moves a scenario on by a millisecond, and returns its number of active VUs. */
function simulate(scenario: Modelled, seen: Seen): (now: number) => number {
  const { executor, startTime, takes } = scenario;
  if (executor === 'constant-arrival-rate') return arrivals(scenario, seen);
  const end = endOf(scenario);
  const isRamp = executor === 'ramping-vus';
  let cut = FOREVER;
  while (reservedAt(scenario, cut - TENTH).vus === 0) cut -= TENTH;
  const most = isRamp ? Math.max(scenario.startVUs, ...scenario.stages.map(({ target }) => target)) : scenario.vus;
  const vus = Array.from({ length: most }, () => ({ rest: 0, done: 0, isActive: false, unwanted: 0 }));
  let shared = executor === 'shared-iterations' ? scenario.iterations : Number.POSITIVE_INFINITY;
  const each = executor === 'per-vu-iterations' ? scenario.iterations : Number.POSITIVE_INFINITY;
  return (now) => {
    const time = now - startTime;
    if (time < 0) return 0;
    for (const [index, vu] of vus.entries()) {
      const isIn = !isRamp || index < wantedAt(scenario, time - (time % TENTH));
      vu.unwanted = isIn ? 0 : vu.unwanted + 1;
      if (vu.rest > 0) vu.rest -= 1;
      if (time >= cut || (isRamp && vu.unwanted > scenario.gracefulRampDown)) vu.rest = 0;
      if (vu.rest > 0) continue;
      vu.isActive = isIn && time < end && vu.done < each && shared > 0;
      if (!vu.isActive) continue;
      vu.rest = takes;
      vu.done += 1;
      shared -= 1;
      seen.iterations += 1;
    }
    if (time === end && executor === 'shared-iterations') seen.dropped += shared;
    if (time === end && executor === 'per-vu-iterations') for (const { done } of vus) seen.dropped += each - done;
    return vus.filter(({ isActive }) => isActive).length;
  };
}

function arrivals(scenario: Extract<Modelled, { executor: 'constant-arrival-rate' }>, seen: Seen) {
  const { duration, gracefulStop, maxVUs, preAllocatedVUs, rate, startTime, takes } = scenario;
  let running: number[] = [];
  let vus = preAllocatedVUs;
  return (now: number): number => {
    const time = now - startTime;
    running = running.map((rest) => rest - 1).filter((rest) => rest > 0);
    if (time >= duration + gracefulStop) running = [];
    const isDue = time >= 0 && time <= duration && time % (1_000 / rate) === 0;
    if (!isDue || (time === duration && gracefulStop === 0)) return running.length;
    if (running.length < vus) {
      running.push(takes);
      seen.iterations += 1;
    } else {
      seen.dropped += 1;
      vus = Math.min(maxVUs, vus + 1);
    }
    return running.length;
  };
}

/** How many VUs a scenario may use from a given tenth of a second on, after its start. */
function reservedAt(scenario: Modelled, time: number): { vus: number; all: number } {
  const none = { vus: 0, all: 0 };
  if (time < 0) return none;
  if (scenario.executor !== 'ramping-vus') {
    if (time >= endOf(scenario) + scenario.gracefulStop) return none;
    if (scenario.executor !== 'constant-arrival-rate') return { vus: scenario.vus, all: scenario.vus };
    return { vus: scenario.preAllocatedVUs, all: scenario.maxVUs };
  }
  if (time >= lengthOf(scenario) + scenario.gracefulStop) return none;
  // A VU that was wanted within the last `gracefulRampDown` may still finish its iteration.
  let vus = 0;
  for (let past = time; past >= Math.max(0, time - scenario.gracefulRampDown); past -= TENTH)
    vus = Math.max(vus, wantedAt(scenario, past));
  return { vus, all: vus };
}

/** The highest total of the VUs that scenarios may use. At the same time, they change in the given order. */
function reserved(scenarios: readonly Modelled[]): { planned: number; most: number } {
  const highest = { planned: 0, most: 0 };
  for (let time = 0; time < FOREVER; time += TENTH) {
    for (let changed = 1; changed <= scenarios.length; changed += 1) {
      const parts = scenarios.map((scenario, index) =>
        reservedAt(scenario, time - scenario.startTime - (index < changed ? 0 : TENTH)),
      );
      highest.planned = Math.max(
        highest.planned,
        parts.reduce((sum, { vus }) => sum + vus, 0),
      );
      highest.most = Math.max(
        highest.most,
        parts.reduce((sum, { all }) => sum + all, 0),
      );
    }
  }
  return highest;
}
