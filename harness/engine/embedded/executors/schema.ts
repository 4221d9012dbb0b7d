import { z } from 'zod';
import { formatDuration, parseDuration } from '../options/duration.ts';
import { type ScenarioConfig, ScenarioProblems } from './plan.ts';

/** The shortest duration that k6 takes where there is one at all: 1 s. */
const MIN_DURATION = 1_000;

/** A duration, in milliseconds once read. */
export const duration = z.union([z.string(), z.number()]).transform((given, context) => {
  try {
    return parseDuration(given);
  } catch (error) {
    context.addIssue((error as Error).message);
    return z.NEVER;
  }
});

/** A duration of at least a second; `name` is for the message. */
export const longDuration = (name: string) =>
  duration.refine((ms) => ms >= MIN_DURATION, {
    error: ({ input }) => `the ${name} must be at least 1s, but is ${formatDuration(Number(input))}`,
  });

/** A number of VUs, at least one. */
export const vus = z.int().min(1, 'the number of VUs must be more than 0');

/** Stages of a ramp: how long each takes, and where it leads. */
export const stages = z
  .array(z.strictObject({ duration, target: z.int().min(0, 'the target of a stage must not be negative') }))
  .min(1, 'at least one stage has to be specified');

/** What every executor takes. */
export const common = {
  executor: z.string(),
  startTime: duration.default(0),
  gracefulStop: duration.default(30_000),
  exec: z.string().min(1, 'exec value cannot be empty').default('default'),
  env: z.record(z.string(), z.coerce.string()).default({}),
  tags: z.record(z.string(), z.coerce.string()).default({}),
};

/**
 * Reads a scenario's options by an executor's schema.
 *
 * @throws ScenarioProblems with everything that does not fit.
 */
export function readScenario<T extends Omit<ScenarioConfig, 'name'>>(
  schema: z.ZodType<T>,
  name: string,
  options: unknown,
): T & ScenarioConfig {
  const read = schema.safeParse(options);
  if (read.success) return { ...read.data, name };
  throw new ScenarioProblems(
    read.error.issues.map(({ code, path, message }) =>
      code === 'invalid_type' || code === 'unrecognized_keys' ? `${path.join('.') || 'options'}: ${message}` : message,
    ),
  );
}
