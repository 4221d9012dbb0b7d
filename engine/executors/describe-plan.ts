import { formatDuration } from '../base/duration.ts';
import { fixedDuration, padded } from '../base/fixed-width.ts';
import { durationOf } from './arrival-times.ts';
import type { Plan, ScenarioConfig } from './plan.ts';

/** How far a scenario is. */
export interface ScenarioState {
  /** VUs that the scenario has taken. */
  readonly vus: number;
  /** Iterations in progress. */
  readonly running: number;
  /** Iterations that have ended. */
  readonly done: number;
}

/** The options of all executors. Each has those that its schema declares. */
interface Fields extends ScenarioConfig {
  readonly vus: number;
  readonly iterations: number;
  readonly maxDuration: number;
  readonly gracefulRampDown: number;
  readonly rate: number;
  readonly startRate: number;
  readonly timeUnit: number;
  readonly stages: readonly { readonly duration: number; readonly target: number }[];
  readonly preAllocatedVUs: number;
  readonly maxVUs?: number;
}

interface Texts {
  /** The scenario's work, and options that the executor has. */
  readonly about: (plan: Plan, fields: Fields) => readonly [work: string, ...facts: string[]];
  /** The number of iterations, if it is fixed. */
  readonly iterations?: (plan: Plan, fields: Fields) => number;
  /** The columns beside a progress bar: VUs, time, and work. `spent` is in milliseconds. */
  readonly columns: (plan: Plan, fields: Fields, state: ScenarioState, spent: number) => readonly string[];
}

const perVu = ({ vus }: Plan, { iterations }: Fields) => vus * iterations;
const shared = ({ share }: Plan, { iterations }: Fields) => share.scale(iterations);
const limited = ({ maxDuration }: Fields) => `maxDuration: ${formatDuration(maxDuration)}`;

const TEXTS: Readonly<Record<string, Texts>> = {
  'constant-vus': {
    about: ({ vus, duration }) => [`${vus} looping VUs for ${formatDuration(duration)}`],
    columns: ({ vus, duration }, _, __, spent) => [`${vus} VUs`, time(spent, duration)],
  },
  'ramping-vus': {
    about: ({ vus }, { stages, gracefulRampDown }) => [
      `Up to ${vus} looping VUs for ${formatDuration(durationOf(stages))} over ${stages.length} stages`,
      `gracefulRampDown: ${formatDuration(gracefulRampDown)}`,
    ],
    columns: ({ vus, duration }, _, { running }, spent) => [
      `${padded(running, vus)}/${vus} VUs`,
      time(spent, duration, fixedDuration(duration, duration)),
    ],
  },
  'shared-iterations': {
    about: (plan, fields) => [`${shared(plan, fields)} iterations shared among ${plan.vus} VUs`, limited(fields)],
    iterations: shared,
    columns: (plan, fields, { done }, spent) => {
      const all = shared(plan, fields);
      return [`${plan.vus} VUs`, time(spent, plan.duration), `${padded(done, all)}/${all} shared iters`];
    },
  },
  'per-vu-iterations': {
    about: ({ vus }, fields) => [`${fields.iterations} iterations for each of ${vus} VUs`, limited(fields)],
    iterations: perVu,
    columns: (plan, fields, { done }, spent) => {
      const all = perVu(plan, fields);
      return [
        `${plan.vus} VUs`,
        time(spent, plan.duration),
        `${padded(done, all)}/${all} iters, ${fields.iterations} per VU`,
      ];
    },
  },
  'constant-arrival-rate': {
    about: (plan, fields) => [
      `${perSecond(plan, fields, fields.rate).toFixed(2)} iterations/s for ${formatDuration(plan.duration)}`,
      range(plan),
    ],
    columns: (plan, fields, state, spent) => arrivals(plan, state, spent, perSecond(plan, fields, fields.rate), 0),
  },
  'ramping-arrival-rate': {
    about: (plan, fields) => [
      `Up to ${perSecond(plan, fields, highest(fields)).toFixed(2)} iterations/s for ${formatDuration(plan.duration)} over ${fields.stages.length} stages`,
      range(plan),
    ],
    columns: (plan, fields, state, spent) =>
      arrivals(
        plan,
        state,
        spent,
        perSecond(plan, fields, rateAt(spent, fields)),
        perSecond(plan, fields, highest(fields)),
      ),
  },
};

const textsOf = ({ config }: Plan): Texts => TEXTS[config.executor] as Texts;

/** Describes a scenario in one line, such as `2 looping VUs for 10s (gracefulStop: 30s)`. */
export function describePlan(plan: Plan): string {
  const { exec, startTime, gracefulStop } = plan.config;
  const [work, ...facts] = textsOf(plan).about(plan, plan.config as Fields);
  const all = [
    ...facts,
    ...(exec === 'default' ? [] : [`exec: ${exec}`]),
    ...(startTime > 0 ? [`startTime: ${formatDuration(startTime)}`] : []),
    ...(gracefulStop > 0 ? [`gracefulStop: ${formatDuration(gracefulStop)}`] : []),
  ];
  return all.length === 0 ? work : `${work} (${all.join(', ')})`;
}

/**
 * Returns how far a running scenario is: its progress from 0 to 1, and the columns beside its progress bar.
 *
 * @param spent The time since the scenario started, in milliseconds.
 */
export function progressOf(
  plan: Plan,
  state: ScenarioState,
  spent: number,
): { share: number; columns: readonly string[] } {
  const { iterations, columns } = textsOf(plan);
  const fields = plan.config as Fields;
  const share = iterations && spent <= plan.duration ? state.done / iterations(plan, fields) : spent / plan.duration;
  return { share: Math.min(1, share), columns: columns(plan, fields, state, spent) };
}

const time = (spent: number, duration: number, whole = formatDuration(duration)): string =>
  spent > duration ? formatDuration(duration) : `${fixedDuration(spent, duration)}/${whole}`;

const range = ({ vus, maxVus }: Plan): string => `maxVUs: ${maxVus > vus ? `${vus}-${maxVus}` : vus}`;

/** Converts iterations per `timeUnit` of the whole test to iterations per second of this instance. */
const perSecond = ({ maxVus }: Plan, { timeUnit, maxVUs, preAllocatedVUs }: Fields, rate: number): number =>
  (rate * 1_000 * maxVus) / (timeUnit * Math.max(1, maxVUs ?? preAllocatedVUs));

const highest = ({ startRate, stages }: Fields): number => Math.max(startRate, ...stages.map(({ target }) => target));

function rateAt(spent: number, { startRate, stages }: Fields): number {
  let left = spent;
  let from = startRate;
  for (const { duration, target } of stages) {
    if (left < duration) return from + ((target - from) * left) / duration;
    left -= duration;
    from = target;
  }
  return from;
}

function arrivals(plan: Plan, { running, vus }: ScenarioState, spent: number, rate: number, most: number): string[] {
  const width = Math.max(rate, most).toFixed(2).length;
  return [
    `${padded(running, plan.maxVus)}/${padded(vus, plan.maxVus)} VUs`,
    time(spent, plan.duration),
    `${rate.toFixed(2).padStart(width, '0')} iters/s`,
  ];
}
