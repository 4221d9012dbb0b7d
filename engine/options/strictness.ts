import { z } from 'zod';
import { duration } from '../base/json-rules.ts';

/** How strictly a run is judged, beyond what k6 does. */
export interface Strictness {
  /** An iteration that begins so much later than it was due is late: milliseconds. */
  readonly maxLate: number;
  /** Which share of the iterations that were due may be late or dropped, from 0 to 1. */
  readonly maxMissed: number;
}

const share = z.union([z.number(), z.string()]).transform((given, context) => {
  const [, percent] = /^(\d+(?:\.\d+)?)%$/.exec(String(given)) ?? [];
  const value = percent === undefined ? Number(given) : Number(percent) / 100;
  if (given !== '' && value >= 0 && value <= 1) return value;
  context.addIssue(`it can be a share such as "1%" or 0.01, but is ${JSON.stringify(given)}`);
  return z.NEVER;
});

/** As scripts say it in `options.ext.proofload`, where k6 leaves it alone, and the command line by flags. */
export const strictnessOptions = z.strictObject({
  strict: z.boolean().optional(),
  maxLate: duration.optional(),
  maxMissed: share.optional(),
});

type Given = z.infer<typeof strictnessOptions>;

/**
 * What holds, of what was said: the later wins.
 *
 * @returns null where nobody asked to be strict. By default an iteration is late after 100 ms, and 1 % may be missed.
 */
export function strictnessOf(...given: readonly (Given | undefined)[]): Strictness | null {
  const { strict, maxLate = 100, maxMissed = 0.01 }: Given = Object.assign({}, ...given);
  return strict === true ? { maxLate, maxMissed } : null;
}
