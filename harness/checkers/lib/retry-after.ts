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
  const verdict = silent > 0 ? 'FAIL' : worst(verdicts);
  const usually =
    verdict === 'FAIL' ? whyWrong(said, (answer) => Number.isInteger(answer.value) && truth(answer)) : undefined;
  return { ...judged, observed: parts.join('; '), verdict, ...(usually !== undefined && { usually }) };
}

/** Returns why values are wrong: what has to be done with all of them so that none would be wrong. */
function whyWrong(said: readonly Said[], truth: (said: Said) => Verdict | false): string | undefined {
  const saying = said.filter(hasValue);
  if (saying.length === 0) return 'The refusals have no Retry-After header in seconds.';
  if (saying.length < said.length) return 'Some of the refusals have no Retry-After header in seconds.';
  const isWrong = (answer: Said): boolean => truth(answer) === false || truth(answer) === 'FAIL';
  const wrong = saying.filter(isWrong);
  const rightIf = (change: (value: number) => number): boolean =>
    wrong.every((answer) => !isWrong({ ...answer, value: change(answer.value) }));
  const areLarge = wrong.every(({ value }) => value >= LARGE);
  if (areLarge && rightIf((value) => Math.ceil(value / 1_000)))
    return 'Retry-After is in milliseconds: send seconds, rounded up.';
  if (rightIf((value) => value + 1)) return ROUNDED_DOWN;
  if (rightIf(Math.ceil)) return 'Retry-After is not a whole number of seconds: round it up.';
  const [first] = saying;
  if (saying.length > 1 && saying.every(({ value }) => value === first?.value))
    return `All refusals say ${first?.value} s, however much time has passed: the whole time instead of the rest, or a fixed number.`;
  return undefined;
}

/** From this value on, a number may be milliseconds. */
const LARGE = 100;
const ROUNDED_DOWN =
  'The remaining time is rounded down to whole seconds: all wrong values end less than a second too early. Round it up.';
