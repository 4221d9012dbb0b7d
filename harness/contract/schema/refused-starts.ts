import { z } from 'zod';
import { name } from '../../../faults/base/name.ts';

const exitCode = z
  .int()
  .min(1)
  .max(255)
  .optional()
  .describe('the exit code of a start that fails as expected; default: any except 0');

/** A start that must fail. */
export const refusedStart = z.strictObject({
  settings: z.record(z.string(), z.string().nullable()).describe('settings of the service; null removes a setting'),
  says: z.string().describe('a text in the output of the service'),
  exitCode,
});

/** A secret that must be strong. */
export const secret = z.strictObject({
  setting: z.string().describe('the setting that contains the key'),
  weak: z
    .record(name, z.string().nullable())
    .describe('values with which the service must not start, by a name for each; null removes the setting'),
  strong: z.record(name, z.string()).describe('values with which the service must start, by a name for each'),
  refusal: z.string().describe('a text in the output of the service'),
  exitCode,
});
