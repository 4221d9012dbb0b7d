import type { Trials } from '../../contract/schema/trials.ts';
import type { RequestReceipt } from '../../history/events.ts';
import { EARLY_MS } from '../lib/tolerances.ts';

/** How long a breaker was open before a round of trials: since when, and for how many milliseconds. */
export interface Gap {
  opened: number;
  ms: number;
}

/**
 * Groups failed trials into rounds and returns how long the breaker was open before each round.
 *
 * Libraries differ in how many failures end a round. gobreaker reopens as soon as too few trials can still succeed;
 * resilience4j waits for all trials of the round, or for its minimum number of calls. The number is therefore chosen in
 * favor of the breaker, so that the shortest gap is as long as possible.
 *
 * @param opened when the breaker opened before the first round; if it is not known, there is no gap
 */
export function gapsBeforeRounds(
  trials: readonly RequestReceipt[],
  opened: RequestReceipt['endedAt'],
  { most, total, toClose }: Trials,
): Gap[] {
  const fewest = total - toClose + 1;
  const numbers = Array.from({ length: (most ?? fewest) - fewest + 1 }, (_, index) => fewest + index);
  const possible = numbers.map((failures) => gapsOf(roundsOf(trials, failures, most), opened, failures));
  return possible.reduce((best, gaps) => (shortest(gaps) > shortest(best) ? gaps : best));
}

const shortest = (gaps: readonly Gap[]): number => Math.min(...gaps.map(({ ms }) => ms));

/** Groups trials into rounds. A round ends when the given number of its trials have failed. */
function roundsOf(trials: readonly RequestReceipt[], failures: number, most = Number.POSITIVE_INFINITY) {
  const rounds: RequestReceipt[][] = [];
  for (const trial of trials) {
    const current = rounds.at(-1);
    const decided = current && (endOf(current, failures) ?? Number.POSITIVE_INFINITY);
    const isPart = decided !== undefined && trial.at <= decided + EARLY_MS;
    if (isPart && current && current.length < most) current.push(trial);
    else rounds.push([trial]);
  }
  return rounds;
}

const gapsOf = (rounds: readonly RequestReceipt[][], opened: RequestReceipt['endedAt'], failures: number): Gap[] =>
  rounds.map(([first], index) => {
    const { at } = first as RequestReceipt;
    const before = rounds[index - 1];
    const since = (before ? endOf(before, failures) : opened) ?? at;
    return { opened: since, ms: at - since };
  });

/** Returns when the given number of trials of a round had failed, or undefined if fewer have failed. */
const endOf = (round: readonly RequestReceipt[], failures: number): number | undefined =>
  round.flatMap(({ endedAt }) => endedAt ?? []).sort((a, b) => a - b)[failures - 1];
