import type { RequestSample } from '../../history/events.ts';
import { admitted } from './rate-limit-windows.ts';

/** A limit of `max` requests in a window of `lengthMs`, or a bucket of as many tokens that is refilled in this time. */
interface Limit {
  readonly max: number;
  readonly lengthMs: number;
}

/**
 * A way in which a limiter may count, other than promised: the cause to name, and a function that creates a limiter for
 * one client, which says whether a request is allowed at a time, in milliseconds since the epoch.
 */
interface Way {
  readonly cause: string;
  create(limit: Limit): (now: number) => boolean;
}

/** Counts in windows. `next` returns when the window of a request begins, from when the last one began. */
const inWindows =
  (next: (now: number, began: number, lengthMs: number) => number): Way['create'] =>
  ({ max, lengthMs }) => {
    let [count, began] = [0, Number.NEGATIVE_INFINITY];
    return (now) => {
      if (now - began >= lengthMs) {
        began = next(now, began, lengthMs);
        count = 0;
      }
      count += 1;
      return count <= max;
    };
  };

/** Takes tokens. `refill` returns how many come back for a share of all, and `taken` how many a refused request takes. */
const fromBucket =
  (refill: (tokens: number) => number, taken: number): Way['create'] =>
  ({ max, lengthMs }) => {
    let [tokens, at] = [max, Number.NEGATIVE_INFINITY];
    return (now) => {
      tokens = Math.min(max, tokens + refill(((now - at) / lengthMs) * max));
      at = now;
      const isAllowed = tokens >= 1;
      tokens -= isAllowed ? 1 : taken;
      return isAllowed;
    };
  };

const IN_WINDOWS = {
  'first-request': {
    cause: 'Its windows are those of `limiter.window: first-request`: each begins with the first request of a client.',
    create: inWindows((now) => now),
  },
  clock: {
    cause:
      'Its windows are those of `limiter.window: clock`: they begin at multiples of their length, not with a request.',
    create: inWindows((now, _, lengthMs) => now - (now % lengthMs)),
  },
  sliding: {
    cause:
      'Its windows are those of `limiter.window: sliding`: each allowed request counts for the length of a window.',
    create: ({ max, lengthMs }) => {
      const counted: number[] = [];
      return (now) => {
        const isAllowed = counted.length < max || now - (counted.at(-max) ?? 0) >= lengthMs;
        if (isAllowed) counted.push(now);
        return isAllowed;
      };
    },
  },
} satisfies Record<string, Way>;

const IN_ROWS_OF_WINDOWS: Way = {
  cause:
    'A window begins when the last one ended, and not with its first request: after a pause, one window follows the other at once, and each allows all requests again.',
  create: inWindows((now, began, lengthMs) => (Number.isFinite(began) ? began + lengthMs : now)),
};

/** Returns the ways that explain another kind of window than the promised one. */
export const otherWindows = (promised: keyof typeof IN_WINDOWS): readonly Way[] => [
  ...Object.entries(IN_WINDOWS).flatMap(([kind, way]) => (kind === promised ? [] : way)),
  IN_ROWS_OF_WINDOWS,
];

/** The ways that explain another limit than a bucket of tokens. */
export const OTHER_BUCKETS: readonly Way[] = [
  {
    cause:
      'Refused requests take tokens, too, so that a client that keeps trying is not served. Take a token only if there is one.',
    create: fromBucket((tokens) => tokens, 1),
  },
  {
    cause:
      'Each request loses the part of a token that has come back since the one before: the refill is rounded down to whole tokens, and its time is set anyway. Keep the fraction.',
    create: fromBucket(Math.floor, 0),
  },
  {
    cause: 'The limit counts in windows: all of its requests are allowed again at once, and none before.',
    create: IN_WINDOWS['first-request'].create,
  },
];

/** The share of the requests that a way may explain wrongly, because their times in the service are not known. */
const WRONG = 0.1;

/** Returns the causes of the ways that best explain which requests of a client were allowed, if there are any. */
export function howItCounts(
  requests: readonly RequestSample[],
  limit: Limit,
  ways: readonly Way[],
): string | undefined {
  const sorted = requests.toSorted((a, b) => a.at - b.at);
  const explained = ways.map(({ cause, create }) => {
    const allows = create(limit);
    return { cause, wrong: wrongIn(sorted, (request) => Number(admitted(request)) - Number(allows(request.at))) };
  });
  const least = Math.min(...explained.map(({ wrong }) => wrong));
  if (sorted.length === 0 || least > sorted.length * WRONG) return undefined;
  return explained.flatMap(({ cause, wrong }) => (wrong === least ? cause : [])).join(' Or: ');
}

/** Of requests that begin within this many milliseconds of each other, any may be allowed. */
const TOGETHER_MS = 50;

/** Returns how many more or fewer requests were allowed than a way says, in groups of those that came together. */
function wrongIn(sorted: readonly RequestSample[], offOf: (request: RequestSample) => number): number {
  let [wrong, group] = [0, 0];
  sorted.forEach((request, index) => {
    if (request.at - (sorted[index - 1]?.at ?? request.at) > TOGETHER_MS) {
      wrong += Math.abs(group);
      group = 0;
    }
    group += offOf(request);
  });
  return wrong + Math.abs(group);
}
