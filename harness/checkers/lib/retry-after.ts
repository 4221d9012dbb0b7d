import { count } from '../../base/in-words.ts';
import type { Tags } from '../../contract/tags.ts';
import type { MetricSample } from '../../history/events.ts';
import type { History, Phases } from '../../history/history.ts';
import { type Finding, type Verdict, worst } from '../../verdict/finding.ts';

/** The value that a script records for a rejection without Retry-After (see scenarios/lib/refusals.ts). */
const SAYS_NOTHING = -1;

/** A Retry-After header's value in seconds, and when the response arrived. */
export type Said = MetricSample;

/** The metric to which scripts add the Retry-After values of rejections. */
const SAID = 'retry_after_seconds';

/** Returns the Retry-After values in the rejections with these tags, or only in those of some phases. */
export const saidIn = (history: History, tags: Tags, phases?: Phases): Said[] =>
  phases === undefined ? history.metric(SAID, tags) : history.metricIn(SAID, phases, tags);

/** Whether a rejection had a Retry-After header. */
export const hasValue = ({ value }: Said): boolean => value !== SAYS_NOTHING;

/**
 * Judges the Retry-After headers in rejections. Each rejection must have one, in whole seconds and with a correct
 * value.
 *
 * @param truth Judges a value in whole seconds.
 */
export function judgeRetryAfter(
  judged: Pick<Finding, 'check' | 'expected'>,
  said: readonly Said[],
  truth: (said: Said) => Verdict,
): Finding {
  if (said.length === 0) return { ...judged, observed: 'nothing was refused', verdict: 'INCONCLUSIVE' };
  const saying = said.filter(hasValue);
  const verdicts = saying.map((answer) => (Number.isInteger(answer.value) ? truth(answer) : 'FAIL'));
  const silent = said.length - saying.length;
  const wrong = verdicts.filter((verdict) => verdict === 'FAIL').length;
  const undecided = verdicts.filter((verdict) => verdict === 'INCONCLUSIVE').length;
  const values = [...new Set(saying.map(({ value }) => value))].sort((a, b) => a - b).join(', ');
  const parts = [
    ...(saying.length > 0 ? [`${values} s; ${wrong} of ${count(saying.length, 'value')} wrong`] : []),
    ...(undecided > 0 ? [`${undecided} wrong by less than the noise of this machine`] : []),
    ...(silent > 0 ? [`${silent} of ${count(said.length, 'refusal')} without Retry-After in seconds`] : []),
  ];
  return { ...judged, observed: parts.join('; '), verdict: silent > 0 ? 'FAIL' : worst(verdicts) };
}
