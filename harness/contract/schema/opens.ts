import { z } from 'zod';
import { openingByRate } from './opening.ts';

const window = z
  .union([
    z.strictObject({
      calls: z
        .int()
        .min(2)
        .max(10_000)
        .describe('number of recent calls; the window is empty after the breaker has closed, and is filled first'),
    }),
    z.strictObject({ seconds: z.number().positive().describe('length of the time window in seconds') }),
  ])
  .describe('the calls from which the failure rate is computed');

/** When a breaker opens, based on the failure rate in a window. */
export const opens = z
  .strictObject({
    rate: z.number().gt(0).max(1).describe('the share of failed calls, such as 0.5'),
    window,
    minimum: z.int().min(2).max(10_000).describe('minimum number of calls in the window; with fewer, it stays closed'),
    boundary: z
      .enum(['at', 'above'])
      .default('at')
      .describe(
        'whether it opens at the rate (resilience4j, Polly), or only above it (opossum: its errorThresholdPercentage)',
      ),
  })
  .superRefine((breaker, { addIssue }) => {
    const found = problemOf(breaker);
    if (found) addIssue({ code: 'custom', path: [found.field], message: found.message });
  });

/** Returns why a breaker with these numbers can't be judged. */
function problemOf(settings: Parameters<typeof openingByRate>[0]): { field: string; message: string } | undefined {
  const { rate, window: looked, minimum, boundary } = settings;
  // The field's schema reports this problem.
  if (!(rate > 0 && rate <= 1)) return undefined;
  if (rate === 1 && boundary === 'above') {
    return { field: 'boundary', message: 'a rate is never above 1: this breaker would never open' };
  }
  if ('calls' in looked && minimum > looked.calls) {
    return { field: 'minimum', message: 'is more than the calls of the window: this breaker would never open' };
  }
  if (openingByRate(settings).failures < 2) {
    return { field: 'rate', message: 'a single failure in a full window would open it; at least 2 are needed' };
  }
  return undefined;
}
