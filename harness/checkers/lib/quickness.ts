import type { RequestSample } from '../../history/events.ts';
import type { Finding } from '../../verdict/finding.ts';
import { type Noise, ownTime } from './noise.ts';

/**
 * Judges whether requests were quick beside others that had to wait: each in less than a quarter of the time of the quickest
 * of those. A few slow ones among quick ones prove nothing, nor does one without an answer, nor do slow ones that the machine's
 * noise alone may have made so; but where these are at most one in ten, they do no harm to what the others show. Nor do at most one
 * in fifty that took less than half as long.
 *
 * @param slow The requests that waited, for a time that the script chose well above the machine's noise.
 * @param about.atMostMs The time that they had to wait for, if it is known: a defect may have made them wait for longer.
 */
export function judgeQuickness(
  quick: readonly RequestSample[],
  slow: readonly RequestSample[],
  about: { check: string; what: string; noise: Noise; atMostMs?: number | undefined },
): Finding {
  const { check, what, noise, atMostMs = Number.POSITIVE_INFINITY } = about;
  const waited = Math.min(atMostMs, ...slow.map(({ ms }) => ms));
  const bound = waited / 4;
  const times = quick.map(({ ms }) => ms).sort((a, b) => a - b);
  const [median = Number.NaN, longest = Number.NaN] = [times[Math.floor(times.length / 2)], times.at(-1)];
  const judged = {
    check,
    expected: `each within a quarter of the time of ${what} (${bound.toFixed(0)} ms)`,
    observed: `median ${median.toFixed(1)} ms, longest ${longest.toFixed(1)} ms of ${times.length}`,
  };
  if (times.length === 0 || slow.length === 0) return { ...judged, observed: 'no samples', verdict: 'INCONCLUSIVE' };
  const own = quick.map((one) => ownTime(one, noise)).sort((a, b) => a - b);
  const [ownMedian = 0, ownLongest = 0] = [own[Math.floor(own.length / 2)], own.at(-1)];
  if (ownMedian >= bound) return { ...judged, verdict: 'FAIL' };
  const answered = quick.every(({ status }) => status !== 0);
  const late = times.filter((ms) => ms >= bound).length / times.length;
  const held = (late <= 0.1 && ownLongest < bound) || (late <= 0.02 && longest < waited / 2);
  return { ...judged, verdict: answered && held ? 'PASS' : 'INCONCLUSIVE' };
}
