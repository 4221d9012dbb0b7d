import { z } from 'zod';

const keys = z.array(z.string().min(1)).default([]).describe('a list of API keys');

/**
 * The settings of the fake of Mem0. All are optional.
 *
 * - `eventMs`: milliseconds from an addition until its event has SUCCEEDED and its memories can be found; PENDING in
 *   the first half, RUNNING in the second; default 50
 * - `failNextEvents`: the number of additions from now on that end in FAILED and are not stored; default 0
 * - `revokedKeys`: refused with 401; `forbiddenKeys`: refused with 403
 */
export const mem0Settings = z.strictObject({
  eventMs: z.int().min(0).max(3_600_000).default(50).describe('a whole number of milliseconds from 0 to 3600000'),
  failNextEvents: z.int().min(0).max(1e9).default(0).describe('a whole number from 0 to 1e9'),
  revokedKeys: keys,
  forbiddenKeys: keys,
});

/** Validated settings of the fake of Mem0. */
export type Mem0Settings = z.output<typeof mem0Settings>;

/** Settings before validation. */
export type Mem0SettingsInput = z.input<typeof mem0Settings>;
