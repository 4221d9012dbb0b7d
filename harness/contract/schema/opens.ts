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

/** When a breaker opens, based on the failures in a window: on their rate, or on their number. */
export const opens = z
  .strictObject({
    rate: z.number().gt(0).max(1).optional().describe('the share of failed calls, such as 0.5'),
    failures: z
      .int()
      .min(2)
      .max(10_000)
      .optional()
      .describe(
        'the number of failed calls in a window of seconds, whatever else is in it: they need not be in a row, and a ' +
          'success does not reset them, as with `max_fails` and `fail_timeout` of nginx. Instead of `rate`',
      ),
    window,
    minimum: z
      .int()
      .min(2)
      .max(10_000)
      .optional()
      .describe('minimum number of calls in the window; with fewer, it stays closed. Needed with `rate`'),
    boundary: z
      .enum(['at', 'above'])
      .default('at')
      .describe(
        'whether it opens at the rate (resilience4j, Polly), or only above it (opossum: its errorThresholdPercentage)',
      ),
  })
  .transform((given, context) => {
    const { rate, failures, window: looked, minimum, boundary } = given;
    const problem = (field: string, message: string) => {
      context.addIssue({ code: 'custom', path: [field], message });
      return z.NEVER;
    };
    if (failures !== undefined) {
      if (rate !== undefined) return problem('rate', 'must not be used together with failures');
      if (minimum !== undefined) return problem('minimum', 'must not be used together with failures');
      if (!('seconds' in looked)) return problem('window', 'must be a time, such as { seconds: 10 }, with failures');
      return { failures, window: looked };
    }
    if (rate === undefined) return problem('rate', 'needs either "rate" or "failures"');
    if (minimum === undefined) return problem('minimum', 'missing; it is needed with "rate"');
    const rated = { rate, window: looked, minimum, boundary };
    const found = problemOf(rated);
    return found ? problem(found.field, found.message) : rated;
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
