import { z } from 'zod';
import { duration } from '../base/json-rules.ts';

/** The rules that a strict run applies in addition to k6's. */
export interface Strictness {
  /** An iteration counts as late if it starts more than this many milliseconds after it was due. */
  readonly maxLate: number;
  /** The fraction of due iterations that may be late or dropped, from 0 to 1. */
  readonly maxMissed: number;
}

const share = z.union([z.number(), z.string()]).transform((given, context) => {
  const [, percent] = /^(\d+(?:\.\d+)?)%$/.exec(String(given)) ?? [];
  const value = percent === undefined ? Number(given) : Number(percent) / 100;
  if (given !== '' && value >= 0 && value <= 1) return value;
  context.addIssue(`expected a share such as "1%" or 0.01, but is ${JSON.stringify(given)}`);
  return z.NEVER;
});

export const strictnessOptions = {
  strict: z.boolean().optional(),
  maxLate: duration.optional(),
  maxMissed: share.optional(),
};

type Given = z.infer<z.ZodObject<typeof strictnessOptions>>;

/**
 * Merges strictness options. Later ones take precedence. By default, an iteration counts as late after 100 ms, and 1%
 * of the iterations may be missed.
 *
 * @returns null if strict mode is off.
 */
export function strictnessOf(...given: readonly (Given | undefined)[]): Strictness | null {
  const { strict, maxLate = 100, maxMissed = 0.01 }: Given = Object.assign({}, ...given);
  return strict === true ? { maxLate, maxMissed } : null;
}
