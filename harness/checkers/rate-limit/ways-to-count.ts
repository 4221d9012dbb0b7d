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

/** The times with which a key often changes, in milliseconds. */
const KEYED = { minute: 60_000, hour: 3_600_000, day: 86_400_000 } as const;

/** Windows that begin with a client's first request, and also anew with each full minute or other time. */
const WITH_TIME_IN_THE_KEY = Object.entries(KEYED).map(
  ([unit, unitMs]): Way => ({
    cause: `The count begins anew with each full ${unit}: the key of the counter contains the ${unit}.`,
    create: ({ max, lengthMs }) => {
      let [count, began] = [0, Number.NEGATIVE_INFINITY];
      return (now) => {
        if (now - began >= lengthMs || Math.floor(now / unitMs) !== Math.floor(began / unitMs)) {
          [count, began] = [0, now];
        }
        count += 1;
        return count <= max;
      };
    },
  }),
);

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

/** When a request may be counted, as a share of the time until its response. */
const COUNTED_AT = [0, 0.5, 1];

/** Returns the causes of the ways that best explain which requests of a client were allowed, if there are any. */
export function howItCounts(
  requests: readonly RequestSample[],
  limit: Limit,
  ways: readonly Way[],
): string | undefined {
  const explained = ways.map((way) => ({ cause: way.cause, wrong: wrongBy(way, requests, limit) }));
  const least = Math.min(...explained.map(({ wrong }) => wrong));
  if (requests.length === 0 || least > requests.length * WRONG) return undefined;
  return explained.flatMap(({ cause, wrong }) => (wrong === least ? cause : [])).join(' Or: ');
}

/** Returns the cause if the key of a counter contains the time, which explains which requests were allowed. */
export const timeInTheKey = (requests: readonly RequestSample[], limit: Limit): string | undefined =>
  howItCounts(
    requests,
    limit,
    WITH_TIME_IN_THE_KEY.filter(
      (way) => wrongBy(way, requests, limit) < wrongBy(IN_WINDOWS['first-request'], requests, limit),
    ),
  );

/** Returns the causes if other windows than the promised ones explain better which requests of a client were allowed. */
export function otherWindows(
  requests: readonly RequestSample[],
  limit: Limit,
  promised: keyof typeof IN_WINDOWS,
): string | undefined {
  const own = IN_WINDOWS[promised];
  const others = [...Object.values<Way>(IN_WINDOWS).filter((way) => way !== own), IN_ROWS_OF_WINDOWS];
  const wrong = wrongBy(own, requests, limit);
  return howItCounts(
    requests,
    limit,
    others.filter((way) => wrongBy(way, requests, limit) < wrong),
  );
}

/** Of requests that are counted within this many milliseconds of each other, any may be allowed. */
const TOGETHER_MS = 50;

/** Returns how many more or fewer requests were allowed than a way says, in groups of those that came together. */
const wrongBy = ({ create }: Way, requests: readonly RequestSample[], limit: Limit): number =>
  Math.min(
    ...COUNTED_AT.map((share) => {
      const allows = create(limit);
      let [wrong, group, last] = [0, 0, Number.NEGATIVE_INFINITY];
      const counted = requests.map((request) => ({ at: request.at + share * request.ms, request }));
      for (const { at, request } of counted.toSorted((a, b) => a.at - b.at)) {
        if (at - last > TOGETHER_MS) {
          wrong += Math.abs(group);
          group = 0;
        }
        group += Number(admitted(request)) - Number(allows(at));
        last = at;
      }
      return wrong + Math.abs(group);
    }),
  );
