import { z } from 'zod';
import { duration } from '../base/json-rules.ts';

/** The rules of a strict run, in addition to k6's. */
export interface Strictness {
  /** An iteration that starts this many milliseconds after its due time is late. */
  readonly maxLate: number;
  /** The share of due iterations that may be late or dropped, from 0 to 1. */
  readonly maxMissed: number;
}

const share = z.union([z.number(), z.string()]).transform((given, context) => {
  const [, percent] = /^(\d+(?:\.\d+)?)%$/.exec(String(given)) ?? [];
  const value = percent === undefined ? Number(given) : Number(percent) / 100;
  if (given !== '' && value >= 0 && value <= 1) return value;
  context.addIssue(`expected a share such as "1%" or 0.01, but is ${JSON.stringify(given)}`);
  return z.NEVER;
});

/** Set by scripts in `options.ext.proofload`, which k6 ignores, and by flags on the command line. */
export const strictnessOptions = z.strictObject({
  strict: z.boolean().optional(),
  maxLate: duration.optional(),
  maxMissed: share.optional(),
});

type Given = z.infer<typeof strictnessOptions>;

/**
 * Merges strictness options; later ones win.
 *
 * @returns null if strict mode is off. By default, an iteration is late after 100 ms, and 1 % may be missed.
 */
export function strictnessOf(...given: readonly (Given | undefined)[]): Strictness | null {
  const { strict, maxLate = 100, maxMissed = 0.01 }: Given = Object.assign({}, ...given);
  return strict === true ? { maxLate, maxMissed } : null;
}
