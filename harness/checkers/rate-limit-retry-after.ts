import type { MetricSample } from '../history/events.ts';
import { type Checker, count, type Finding, type Verdict, worst } from './checker.ts';
import { judgeExcess, noiseMs } from './noise.ts';
import { limitsOf, type Window, windowOf } from './rate-limit-windows.ts';
import { RETRY_AFTER_MS } from './tolerances.ts';

/** The steps of the script that fall into each window. */
const STEPS = { 'first window': ['first window', 'over'], 'second window': ['second window'] };

/**
 * Retry-After is true: whoever waits so many seconds is admitted, and nobody is sent away for a whole second too long.
 * The script gives each refusal's value to the metric `retry_after_seconds`, with the time of the request in the tag `sent`.
 */
export const rateLimitRetryAfter: Checker = (history, facts) =>
  (facts.contract.limiter.retryAfter ? limitsOf(facts) : []).map(({ limit }): Finding => {
    const noise = noiseMs(history, facts);
    const judged = {
      check: `true Retry-After: ${limit}`,
      expected: "the rest of the client's window, in whole seconds",
    };
    const said = Object.entries(STEPS).flatMap(([burst, steps]) => {
      const window = windowOf(history, facts, limit, burst);
      if (!window?.certain) return [];
      const values = steps.flatMap((step) => history.metric('retry_after_seconds', { limit, step }));
      return values.map((value) => ({ value: value.value, verdict: judge(value, window, noise) }));
    });
    if (said.length === 0) return { ...judged, observed: 'no refusal carried one', verdict: 'INCONCLUSIVE' };
    const wrong = said.filter(({ verdict }) => verdict === 'FAIL').length;
    const values = [...new Set(said.map(({ value }) => value))].sort((a, b) => a - b).join(', ');
    return {
      ...judged,
      observed: `${values} s; ${wrong} of ${count(said.length, 'value')} wrong`,
      verdict: worst(said.map(({ verdict }) => verdict)),
    };
  });

/** Neither certainly too short nor certainly too long, whenever between sending and answer the request was judged. */
function judge({ at, value, tags }: MetricSample, { endsAfter, endsBefore }: Window, noise: number): Verdict {
  if (!Number.isInteger(value)) return 'FAIL';
  const tooShort = endsAfter - (at + value * 1_000);
  const tooLong = Number(tags.sent) + value * 1_000 - (endsBefore + 1_000);
  return judgeExcess(Math.max(tooShort, tooLong), RETRY_AFTER_MS, noise);
}
