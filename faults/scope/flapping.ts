import { z } from 'zod';

const milliseconds = z.number().min(1).max(86_400_000);
const requests = z.int().min(1);

export const flappingFields = z
  .union([
    z.strictObject({ onMilliseconds: milliseconds, offMilliseconds: milliseconds }),
    z.strictObject({ onRequests: requests, offRequests: requests }),
  ])
  .optional()
  .describe(
    '{"onMilliseconds", "offMilliseconds"}, numbers from 1 to 86400000, or {"onRequests", "offRequests"}, whole numbers, 1 or more',
  );

/** Switches a fault on and off repeatedly. It starts in the on state. */
export type Flapping = NonNullable<z.output<typeof flappingFields>>;

/**
 * Whether a flapping fault is on, given the milliseconds since it started and the number of matching requests before.
 */
export function isOn(flapping: Flapping | undefined, activeMilliseconds: number, requestsBefore: number): boolean {
  if (!flapping) return true;
  if ('onRequests' in flapping) {
    return requestsBefore % (flapping.onRequests + flapping.offRequests) < flapping.onRequests;
  }
  return activeMilliseconds % (flapping.onMilliseconds + flapping.offMilliseconds) < flapping.onMilliseconds;
}
