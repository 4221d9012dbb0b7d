import { z } from 'zod';

/** The kinds of measures of which two builds are compared. */
const measureKind = z.enum(['p50', 'p99', 'cpu', 'memory', 'upstream', 'recovery']);

export type MeasureKind = z.output<typeof measureKind>;

/** The result of one round for one measure. `ratio` is this build's value divided by the other build's. */
const measureSchema = z.strictObject({
  kind: measureKind,
  /** The endpoint or breaker. Absent if the measure covers the whole build. */
  of: z.string().exactOptional(),
  /** The values of the other build and of this build, in milliseconds, bytes or requests, depending on the kind. */
  other: z.number().nonnegative(),
  own: z.number().nonnegative(),
  /** It may differ from `own / other`, because that of latencies is the median of the ratios of pairs. */
  ratio: z.number().positive(),
});

export type Measure = z.output<typeof measureSchema>;

/** A round: both builds were restarted, and got the same calls in pairs. */
export const buildRoundSchema = z.strictObject({
  measures: z.array(measureSchema),
  calls: z.int().nonnegative().describe('The number of calls to each build, without the warm-up.'),
  /** How many of these calls were not served. */
  unserved: z.strictObject({ other: z.int().nonnegative(), own: z.int().nonnegative() }),
  /** The endpoints that only this build served in the warm-up, for example because they are new. They were left out. */
  onlyByThis: z.array(z.string()).exactOptional(),
});

export type BuildRound = z.output<typeof buildRoundSchema>;

/** Something of this build and of the other one. */
export interface Both<Value> {
  readonly own: Value;
  readonly other: Value;
}

const NAMES: Record<MeasureKind, string> = {
  p50: 'p50 of all endpoints',
  p99: 'p99 of all endpoints',
  cpu: 'CPU per request',
  memory: 'memory',
  upstream: 'upstream calls per request',
  recovery: 'time to recover',
};

/** Returns the name of a measure, such as `p50 of health`. */
export const nameOf = ({ kind, of }: Pick<Measure, 'kind' | 'of'>): string =>
  of === undefined ? NAMES[kind] : `${kind} of ${of}`;
