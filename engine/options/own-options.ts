import { z } from 'zod';
import { strictnessOptions } from './strictness.ts';

const UNITS: Readonly<Record<string, number>> = { '': 1, KiB: 2 ** 10, MiB: 2 ** 20, GiB: 2 ** 30 };

/** A number of bytes, or a text such as `16MiB`. */
const bytes = z.union([z.number(), z.string()]).transform((given, context) => {
  const [, number = '', unit = ''] = /^(\d+(?:\.\d+)?) ?([KMG]iB)?$/.exec(String(given)) ?? [];
  const value = Math.floor(Number(number) * (UNITS[unit] ?? 0));
  if (value >= 1) return value;
  context.addIssue(
    `expected a size such as "16MiB" (units: KiB, MiB, GiB; without one: bytes), but is ${JSON.stringify(given)}`,
  );
  return z.NEVER;
});

/** The options that only this engine has: `options.ext.proofload`, which k6 ignores, flags and variables. */
export const ownOptions = z.strictObject({
  ...strictnessOptions,
  /** Number of bytes of a response body, and of an event or a message, that are accepted. By default, any number. */
  maxBodySize: bytes.optional(),
});
