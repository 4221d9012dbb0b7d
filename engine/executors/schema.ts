import { z } from 'zod';
import { formatDuration } from '../base/duration.ts';
import { duration, named, texts, whole, wholeOr } from '../base/json-rules.ts';
import { type Executor, type Plan, type ScenarioConfig, ScenarioProblems } from './plan.ts';
import type { Share } from './share.ts';

/** The shortest duration that k6 accepts, in milliseconds. */
const MIN_DURATION = 1_000;

/** The maximum number of VUs that k6 accepts. */
const MAX_VUS = 100_000_000;

/** A mandatory option. `missing` is the error message if it is absent. */
export const required = <Value>(schema: z.ZodType<Value>, missing: string) =>
  schema
    .optional()
    .refine((value) => value !== undefined, missing)
    .transform((value) => value as Exclude<Value, undefined>);

const atLeastASecond = (name: string) => (ms: number, context: z.RefinementCtx) => {
  if (ms < MIN_DURATION) context.addIssue(`the ${name} must be at least 1s, but is ${formatDuration(ms)}`);
};

/** The mandatory `duration` option. */
export const ownDuration = required(duration.superRefine(atLeastASecond('duration')), 'the duration is unspecified');

/** The `maxDuration` option. */
export const maxDuration = duration.superRefine(atLeastASecond('maxDuration')).default(600_000);

/** A number of VUs, at least one. */
export const vus = wholeOr(1).refine((count) => count >= 1, 'the number of VUs must be more than 0');

/** The `timeUnit` option: the period that a rate refers to. */
export const timeUnit = duration.refine((ms) => ms > 0, 'the timeUnit must be more than 0').default(1_000);

/** The `preAllocatedVUs` option: how many VUs an arrival-rate executor creates before it starts. */
export const preAllocatedVUs = required(whole, "the number of preAllocatedVUs isn't specified").refine(
  (count) => count >= 0,
  "the number of preAllocatedVUs can't be negative",
);

/** A duration of zero or more. */
const notNegative = (problem: string) => duration.refine((ms) => ms >= 0, problem);

/** The stages of a ramp. Each stage has a duration and a target. */
export const stages = z
  .array(named(z.strictObject({ duration: duration.optional(), target: whole.optional() })))
  .default([])
  .superRefine((given, context) => {
    if (given.length === 0) context.addIssue('at least one stage has to be specified');
    for (const [index, stage] of given.entries()) {
      const number = index + 1;
      if (stage.duration === undefined) context.addIssue(`stage ${number} doesn't have a duration`);
      else if (stage.duration < 0) context.addIssue(`the duration for stage ${number} can't be negative`);
      if (stage.target === undefined) context.addIssue(`stage ${number} doesn't have a target`);
      else if (stage.target < 0) context.addIssue(`the target for stage ${number} can't be negative`);
      else if (stage.target > MAX_VUS) {
        context.addIssue(`target for stage ${number} exceeds max limit of ${MAX_VUS}`);
      }
    }
  })
  .transform((given) => given.map((stage) => ({ duration: stage.duration ?? 0, target: stage.target ?? 0 })));

/** Options shared by all executors. `options` is intended for k6's browser module. */
const common = {
  executor: z.string(),
  startTime: notNegative("the startTime can't be negative").default(0),
  gracefulStop: notNegative("the gracefulStop timeout can't be negative").default(30_000),
  exec: z.string().min(1, 'exec value cannot be empty').default('default'),
  env: texts.default({}),
  tags: texts.default({}),
  options: named(z.strictObject({ browser: z.unknown() })).optional(),
};

/** The scenario names that k6 allows. */
const NAME = /^[\w-]+$/;
const NAME_PROBLEM = 'the scenario name should contain only numbers, latin letters, underscores, and dashes';

/**
 * Parses a scenario's options with an executor's schema.
 *
 * @throws ScenarioProblems that lists every invalid option
 */
function readScenario<Read>(schema: z.ZodType, name: string, options: unknown): Read {
  const read = schema.safeParse(options);
  const ofName = NAME.test(name) ? [] : [NAME_PROBLEM];
  if (read.success && ofName.length === 0) return { ...(read.data as Read), name };
  const issues = read.error?.issues ?? [];
  throw new ScenarioProblems([
    ...ofName,
    ...issues.map(({ code, path, message }) =>
      code === 'invalid_type' || code === 'unrecognized_keys' || code === 'invalid_union'
        ? `${path.join('.') || 'options'}: ${message}`
        : message,
    ),
  ]);
}

type Config<Fields extends z.ZodRawShape> = z.output<z.ZodObject<typeof common & Fields>> & ScenarioConfig;

/**
 * Defines an executor.
 *
 * @param fields The schemas of its own options.
 * @param plan Plans a scenario. In the result, `share` defaults to this instance's part of the test, `maxVus` to `vus`,
 * and `needs` to these VUs until the end of the grace period.
 */
export const defineExecutor = <Fields extends z.ZodRawShape>(
  type: string,
  fields: Fields,
  plan: (config: Config<Fields>, share: Share) => Partial<Plan> & Pick<Plan, 'vus' | 'duration' | 'run'>,
): Executor => {
  const schema = named(z.strictObject({ ...common, ...fields }));
  return {
    type,
    fields: Object.keys(fields),
    plan(name, options, share) {
      const config = readScenario<Config<Fields>>(schema, name, options);
      const planned = plan(config, share);
      const { vus, duration: ms, maxVus = vus } = planned;
      const needs = [
        { time: 0, vus, extra: maxVus - vus },
        { time: ms + config.gracefulStop, vus: 0, extra: 0 },
      ];
      return { config, share, maxVus, needs, ...planned };
    },
  };
};
