import { z } from 'zod';

const keys = z.array(z.string().min(1)).default([]).describe('a list of API keys');

/**
 * The settings for the Mem0 fake. All of them are optional.
 *
 * - `eventMs` is the time in milliseconds from an addition until its event has SUCCEEDED and its memories can be found.
 *   The event is PENDING in the first half of this time and RUNNING in the second half. Defaults to 50.
 * - `failNextEvents` is the number of additions from now on whose events end in FAILED and which are not stored.
 *   Defaults to 0.
 * - `revokedKeys` are rejected with 401, and `forbiddenKeys` with 403.
 */
export const mem0Settings = z.strictObject({
  eventMs: z.int().min(0).max(3_600_000).default(50).describe('a whole number of milliseconds from 0 to 3600000'),
  failNextEvents: z.int().min(0).max(1e9).default(0).describe('a whole number from 0 to 1e9'),
  revokedKeys: keys,
  forbiddenKeys: keys,
});

/** Settings for the Mem0 fake after validation. */
export type Mem0Settings = z.output<typeof mem0Settings>;

/** Settings before validation. */
export type Mem0SettingsInput = z.input<typeof mem0Settings>;
