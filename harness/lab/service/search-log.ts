import { now } from '../../base/clock.ts';
import type { LeakEvent } from '../../history/events.ts';
import { type Sought, secretsIn, showsToken, TOKEN } from '../../secrecy/find-leaks.ts';

/** Basic credentials in a text. */
const BASIC = /\bBasic +([\w+/]{8,}={0,2})/g;

/**
 * Returns a function that searches the lines of a log, one after another, and records what each of them shows. It
 * returns the line's number, starting at 1.
 *
 * @param of The log: a service's, or the output of an attempted start.
 */
export function searchLog(
  sought: Sought,
  of: LeakEvent['of'],
  record: (event: LeakEvent) => void,
): (line: string) => number {
  let number = 0;
  return (line) => {
    number += 1;
    const names = secretsIn(withDecoded(line), sought);
    if (showsToken(line)) names.push(TOKEN);
    for (const secret of names) record({ type: 'leak', at: now(), secret, of, line: number });
    return number;
  };
}

/** Returns a line, followed by the user and the password of Basic credentials in it. */
const withDecoded = (line: string): string =>
  [line, ...[...line.matchAll(BASIC)].map(([, text = '']) => Buffer.from(text, 'base64').toString())].join(' ');
