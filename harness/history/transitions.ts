import type { Contract, Numbers } from '../contract/contract.ts';
import type { Transition } from './events.ts';

type Read = (line: string, at: number) => Transition | undefined;
type State = Transition['to'];

/**
 * For each state, the states that can precede it. If the log does not show half-open, a breaker goes from open to
 * closed, or to open again.
 */
const FROM: Record<State, readonly State[]> = {
  open: ['closed', 'half-open', 'open'],
  'half-open': ['open', 'half-open'],
  closed: ['half-open', 'open'],
};

/**
 * Returns a function that finds breaker transitions in the log of a single process. In a pattern, `{failures}` matches
 * any number, and `{recovery}` matches the profile's recovery timeout in seconds. The half-open line in the
 * specification does not name a breaker. If exactly one breaker is open, the line belongs to it, and otherwise to none.
 * The same applies to any other line that matches several breakers.
 */
export function transitionReader(contract: Contract, numbers: Numbers): Read {
  const states = new Map<string, State>();
  const patterns = Object.entries(contract.breakers).flatMap(([breaker, { log }]) => {
    if (!log) return [];
    const recoverySeconds = numbers.breakers[breaker]?.recoverySeconds;
    const textsByState = { open: log.opened, 'half-open': log.halfOpen ?? [], closed: log.closed };
    return Object.entries(textsByState)
      .filter(([, texts]) => texts.length > 0)
      .map(([to, texts]) => ({
        breaker,
        to: to as State,
        parts: texts.map((text) => matcher(text, { recoverySeconds })),
      }));
  });
  return (line, at) => {
    const fitting = patterns.filter(({ parts }) => parts.every((part) => part.test(line)));
    const mustBePossible = fitting.length > 1 || fitting[0]?.to === 'half-open';
    const isPossible = ({ breaker, to }: { breaker: string; to: State }) =>
      FROM[to].includes(states.get(breaker) ?? 'closed');
    const [found, other] = mustBePossible ? fitting.filter(isPossible) : fitting;
    if (!found || other) return undefined;
    states.set(found.breaker, found.to);
    return { type: 'transition', at, breaker: found.breaker, to: found.to, line };
  };
}

/** The values of `{failures}`, which is any number by default, and of `{recovery}`. */
interface LoggedValues {
  readonly failures?: number | undefined;
  readonly recoverySeconds: number | undefined;
}

/** Returns an expression for one of the texts that the contract says a line contains. */
export const matcher = (text: string, { failures, recoverySeconds }: LoggedValues): RegExp =>
  new RegExp(
    RegExp.escape(text)
      .replaceAll('\\{failures\\}', failures === undefined ? '\\d+' : wholeNumber(failures))
      .replaceAll('\\{recovery\\}', wholeNumber(recoverySeconds)),
  );

/** Returns an expression for a number that is not part of a longer number. Some languages write 2 as 2.0. */
const wholeNumber = (value: number | undefined): string =>
  `(?<![\\d.])${String(value).replace('.', '\\.')}(?:\\.0+)?(?!\\d|\\.\\d)`;
