import { now } from '../../base/clock.ts';
import type { CountEvent, LeakEvent } from '../../history/events.ts';
import { type LeakTargets, secretsIn, showsToken, TOKEN } from '../../secrecy/find-leaks.ts';

/**
 * Returns a function that searches the lines of a log, one after another, and records what each of them shows. It
 * returns the line's number, starting at 1.
 *
 * @param where The log: a service's, a file of the service, or the output of an attempted start.
 */
export function searchLog(
  targets: LeakTargets,
  where: Pick<LeakEvent, 'of' | 'file'>,
  record: (event: LeakEvent) => void,
): (line: string) => number {
  let number = 0;
  return (line) => {
    number += 1;
    const names = secretsIn(line, targets);
    if (showsToken(line)) names.push(TOKEN);
    for (const secret of names) record({ type: 'leak', at: now(), secret, ...where, line: number });
    return number;
  };
}

/** Returns a function that searches the exports of a service's telemetry, and records how many there are. */
export function searchTelemetry(
  targets: LeakTargets,
  record: (event: LeakEvent | CountEvent) => void,
): (text: string) => number {
  const search = searchLog(targets, { of: 'telemetry' }, record);
  return (text) => {
    const value = search(text);
    record({ type: 'count', at: now(), of: 'exports of telemetry', value });
    return value;
  };
}
