import { z } from 'zod';

/** Whether a refusal says when to try again. */
export const retryAfter = z
  .boolean()
  .default(false)
  .describe('whether the refusal has a Retry-After header, in whole seconds');
