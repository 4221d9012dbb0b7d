import type { History } from '../../history/history.ts';
import type { Finding } from '../../verdict/finding.ts';
import type { Facts } from './checker.ts';
import { noiseOf } from './noise.ts';
import { answered, firstSent, lastAnswered } from './request-times.ts';
import { loaded, stallsUnderLoad } from './stalls.ts';

/** Delays of this many milliseconds or more can leave a check undecided. Shorter ones occur on any machine. */
const BUSY_MS = 100;

/**
 * Returns the longest delay that the machine's own measurements show while the requests that were judged were in
 * progress, such as "the fakes waited 310 ms for a processor". If they are unknown, all requests count. Returns undefined
 * if there was no long delay: nothing may then be blamed on a busy machine.
 *
 * @param comparesTimes Whether noise was subtracted from the times of the requests: see `noiseOf`. It is then a delay as
 * well, also if it was measured earlier or later in the run.
 */
export function busyness(
  history: History,
  facts: Facts,
  { requests = [] }: Pick<Finding, 'requests'>,
  comparesTimes = false,
): string | undefined {
  const { noise } = facts;
  const judged = requests.flatMap((tags) => history.sent(tags));
  if (requests.length > 0 && judged.length === 0) return undefined;
  const [from, until] = judged.length > 0 ? [firstSent(judged), lastAnswered(judged)] : loaded(history);
  const pause = stallsUnderLoad(history).find(({ at, ms }) => at >= from && at - ms <= until);
  const [wait] = history
    .all('starved')
    .filter(({ at, since }) => at >= from && since <= until)
    .sort((a, b) => b.ms - a.ms);
  const noiseIn = noiseOf(history, facts);
  const subtracted = comparesTimes
    ? judged.reduce((most, call) => Math.max(most, noiseIn(call.at, answered(call))), 0)
    : 0;
  const delays: [ms: number, said: (ms: string) => string][] = [
    [pause?.ms ?? 0, (ms) => `the ${pause?.of} paused for ${ms} ms`],
    [wait?.ms ?? 0, (ms) => `the ${wait?.of} waited ${ms} ms for a processor`],
    [noise.timerLateMs, (ms) => `a timer was ${ms} ms late before the run`],
    [noise.loopbackMs, (ms) => `a request to an idle process took ${ms} ms before the run`],
    [subtracted, (ms) => `all that it measured in this run may add ${ms} ms to a request`],
  ];
  const [longest] = delays.filter(([ms]) => ms >= BUSY_MS).sort(([a], [b]) => b - a);
  return longest?.[1](longest[0].toFixed(0));
}
