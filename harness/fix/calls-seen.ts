import type { Seen } from '../../faults/kinds/lib/nature.ts';
import type { PromisedCalls } from '../../mocks/promised-calls.ts';
import type { TriedCall } from './tried-calls.ts';

type Listed = PromisedCalls['never'][number];

/** The fields of `calls` that describe the observed calls to an upstream. */
export type CallsSeen = Pick<PromisedCalls, 'attempts' | 'never' | 'hints'> & { readonly on: readonly Listed[] };

/** The most attempts that a contract can promise. */
const MOST = 10;

/** The statuses to try before a whole class is promised. Clients often repeat 408, 409 and 429, which are listed. */
const OF_CLASS: Readonly<Record<'4xx' | '5xx', readonly number[]>> = {
  '4xx': [400, 404, 422],
  '5xx': [500, 502, 503, 504],
};

/** The failures that have to be tried to describe calls, in the order in which a contract lists them. */
export const TO_TRY: readonly Listed[] = [
  ...OF_CLASS['5xx'],
  429,
  408,
  409,
  ...OF_CLASS['4xx'],
  ...(['connection', 'timeout', 'body'] as const),
];

/**
 * Describes the calls to an upstream by how they were repeated. A failure is listed in `on` if each call that met it
 * made all attempts, and in `never` if each made a single attempt. A failure that endpoints treat differently, or whose
 * calls did not end, is in neither list.
 *
 * @returns undefined if no call was repeated, or more often than a contract can promise
 */
export function callsSeen(tried: readonly TriedCall[]): CallsSeen | undefined {
  // A call gives up an absurdly long wait, so it may make fewer attempts.
  const plain = tried.filter(({ failure }) => failure.shouldRetry === undefined && !failure.retryAfter?.isAbsurd);
  const attempts = attemptsIn(plain);
  if (attempts < 2 || attempts > MOST) return undefined;
  const of = (seen: Seen) => plain.filter(({ failure }) => failure.as === seen);
  const seen = new Set(plain.map(({ failure }) => failure.as).filter((failure) => failure !== undefined));
  const isRepeated = (failure: Seen) => areRepeated(of(failure), attempts);
  const isOnce = (failure: Seen) => areOnce(of(failure));
  const [again, once] = [[...seen].filter(isRepeated), [...seen].filter(isOnce)];
  const unknown = [...seen].filter((failure) => !again.includes(failure) && !once.includes(failure));
  const decided = (shouldRetry: boolean) => tried.filter(({ failure }) => failure.shouldRetry === shouldRetry);
  const obeys = areRepeated(decided(true), attempts) && areOnce(decided(false));
  return {
    attempts,
    on: inClasses(again, unknown),
    never: inClasses(once, unknown),
    hints: obeys ? ['x-should-retry'] : [],
  };
}

/**
 * Returns the most requests that several calls with the same failure made. A single call may overlap with the requests
 * of an earlier call that the service abandoned but its client did not.
 */
function attemptsIn(tried: readonly TriedCall[]): number {
  const alike = Map.groupBy(tried, ({ failure, requests }) => `${failure.as} ${requests}`);
  const several = [...alike.values()].filter(({ length }) => length > 1).flat();
  return Math.max(0, ...(several.length > 0 ? several : tried).map(({ requests }) => requests));
}

const areRepeated = (calls: readonly TriedCall[], attempts: number): boolean =>
  calls.length > 0 && calls.every(({ requests }) => requests >= attempts);

const areOnce = (calls: readonly TriedCall[]): boolean =>
  calls.length > 0 && calls.every(({ requests, isOver }) => requests === 1 && isOver);

/**
 * Replaces statuses by their class if all of those that stand for it are among them, and nothing is unknown about
 * another one.
 */
function inClasses(failures: readonly Seen[], unknown: readonly Seen[]): Listed[] {
  const whole = (['4xx', '5xx'] as const).filter(
    (statusClass) =>
      OF_CLASS[statusClass].every((status) => failures.includes(status)) &&
      !unknown.some((other) => classOf(other) === statusClass),
  );
  const others = failures.filter((failure) => !whole.some((listed) => listed === classOf(failure)));
  const place = (failure: Listed) => TO_TRY.indexOf(failure);
  return [...whole, ...others.toSorted((a, b) => place(a) - place(b))];
}

const classOf = (failure: Seen) => (typeof failure === 'number' ? (`${String(failure)[0]}xx` as const) : failure);
