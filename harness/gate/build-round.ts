import { z } from 'zod';
import { measureKind } from './measures.ts';

/** The builds of a comparison: the one under test, the one to compare with, and the pinned release, if there is one. */
const side = z.enum(['own', 'other', 'release']);

export type Side = z.output<typeof side>;

/** A value for each build. */
export type Builds<Value> = ReadonlyMap<Side, Value>;

/** The builds that this one is compared with. */
export const BASELINES = ['other', 'release'] as const;

/** What is measured. */
export const namedSchema = z.strictObject({
  kind: measureKind,
  /** The endpoint, breaker or upstream. Absent if the measure covers the whole build. */
  of: z.string().exactOptional(),
  /** The build that this one is compared with. */
  than: z.enum(BASELINES),
});

/** The result of one round for one measure. `ratio` is this build's value divided by that of `than`. */
const measureSchema = namedSchema.extend({
  /** The values of this build and of that one. */
  own: z.number(),
  other: z.number(),
  /** It may differ from `own / other`: that of latencies is the median of the ratios of pairs. See also `least`. */
  ratio: z.number().positive(),
});

export type Measure = z.output<typeof measureSchema>;

const countOfSides = z.partialRecord(side, z.int().nonnegative());

/** A round: all builds were restarted, and got the same calls. */
export const buildRoundSchema = z.strictObject({
  measures: z.array(measureSchema),
  calls: z.int().nonnegative().describe('The number of calls to each build, one at a time, without the warm-up.'),
  /** How many of these calls were not served. */
  unserved: countOfSides,
  /** The endpoints that only this build served in the warm-up, for example because they are new. They were left out. */
  onlyByThis: z.array(z.string()).exactOptional(),
});

export type BuildRound = z.output<typeof buildRoundSchema>;
