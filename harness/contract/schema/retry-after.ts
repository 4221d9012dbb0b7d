import { z } from 'zod';

/** Whether a rejection contains the time of the next try. */
export const retryAfter = z
  .boolean()
  .default(false)
  .describe('whether rejections have a Retry-After header, in whole seconds');
