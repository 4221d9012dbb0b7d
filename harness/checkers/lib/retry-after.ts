import { count } from '../../base/in-words.ts';
import type { MetricSample } from '../../history/events.ts';
import type { History } from '../../history/history.ts';
import { type Finding, type Verdict, worst } from '../../verdict/finding.ts';

/** What a script notes of a refusal that does not say when to come back (scenarios/lib/refusals.ts). */
const SAYS_NOTHING = -1;

/** Seconds that a refusal asks to wait, and when it had come. */
export type Said = MetricSample;

/** What refusals with these tags said, in the script's metric `retry_after_seconds`, a value each. */
export const saidIn = (history: History, tags: Record<string, string>): Said[] =>
  history.metric('retry_after_seconds', tags);

/** Whether a refusal said anything at all. */
export const isTold = ({ value }: Said): boolean => value !== SAYS_NOTHING;

/**
 * Judges what refusals say in Retry-After: each has to say it, in whole seconds, and what it says has to be true.
 *
 * @param truth Judges one that is in whole seconds.
 */
export function judgeRetryAfter(
  judged: Pick<Finding, 'check' | 'expected'>,
  said: readonly Said[],
  truth: (said: Said) => Verdict,
): Finding {
  if (said.length === 0) return { ...judged, observed: 'nothing was refused', verdict: 'INCONCLUSIVE' };
  const saying = said.filter(isTold);
  const verdicts = saying.map((one) => (Number.isInteger(one.value) ? truth(one) : 'FAIL'));
  const [silent, wrong] = [said.length - saying.length, verdicts.filter((verdict) => verdict === 'FAIL').length];
  const values = [...new Set(saying.map(({ value }) => value))].sort((a, b) => a - b).join(', ');
  const parts = [
    ...(saying.length > 0 ? [`${values} s; ${wrong} of ${count(saying.length, 'value')} wrong`] : []),
    ...(silent > 0 ? [`${silent} of ${count(said.length, 'refusal')} without Retry-After in seconds`] : []),
  ];
  return { ...judged, observed: parts.join('; '), verdict: silent > 0 ? 'FAIL' : worst(verdicts) };
}
