import { z } from 'zod';

/** Whether rejections say when to retry. */
export const retryAfter = z
  .boolean()
  .default(false)
  .describe('whether rejections have a Retry-After header, in whole seconds');
