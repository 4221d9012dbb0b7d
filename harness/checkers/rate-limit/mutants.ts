import { isDeepStrictEqual } from 'node:util';
import { entryOf } from '../../base/entry-of.ts';
import { calling, firstReached, isError, isServed, late, onAnswers, replay } from '../../wire/answers.ts';
import { type Exchange, type WireAnswer, withBody, withHeader } from '../../wire/exchange.ts';
import type { Wire, WireHooks, WireMutant } from '../../wire/wire-mutant.ts';
import { isDoing } from '../../wire/wire-phase.ts';

const hasLimit = ({ endpoint = '' }: Exchange, { numbers }: Wire): boolean => Object.hasOwn(numbers.limits, endpoint);

const isLimited = (exchange: Exchange, wire: Wire): boolean => exchange.status === 429 && hasLimit(exchange, wire);

const ofClient = ({ endpoint, client }: Exchange): string => `${endpoint} ${client}`;

/** Headers in which a caller can claim an address or another name. A service may trust addresses on loopback. */
const CLAIMS = [
  'forwarded',
  'x-forwarded-for',
  'x-real-ip',
  'x-client-ip',
  'true-client-ip',
  'cf-connecting-ip',
  'x-user-id',
  'x-client-id',
  'x-tenant-id',
];

const IN_PROGRESS_MS = 500;

/** How long after a refused request another one is delayed, and by how much. */
const [TOGETHER_MS, DELAYED_MS] = [100, 500];

/** How long a bucket may be refilled while some answers are on their way, in seconds. */
const REFILLED_SECONDS = 0.1;

/** The parts of a window after its first 429 in which a late request is allowed. */
const LATE = [0.2, 0.5] as const;

const FIELDS = ['limit', 'remaining', 'reset'] as const;
/** The fields of the newest draft. Its limit is in the policy. */
const SHORT = { limit: 'q', remaining: 'r', reset: 't' } as const;
const HEADERS = ['ratelimit', ...FIELDS.flatMap((field) => [`ratelimit-${field}`, `x-ratelimit-${field}`])];

/**
 * Returns the names of promised headers that may have a field. Retry-After also contains the time of the next allowed
 * request.
 */
const promisedNames = (field: (typeof FIELDS)[number], { contract: { limiter } }: Wire): string[] => [
  ...(limiter.headers.length > 0 ? HEADERS : []),
  ...(field === 'reset' && limiter.retryAfter ? ['retry-after'] : []),
];

/** Defines a mutant that changes one field of the rate-limit headers, in all their forms. */
const tellingWrong = (field: (typeof FIELDS)[number], by: number): WireMutant =>
  onAnswers({
    name: `${field}-off-by-${by}`,
    does: `the rate-limit headers report a ${field} that is ${by} too high`,
    turnsRed: ['rate-limit-header-truth'],
    ...(field === 'reset' && { disturbs: ['rate-limit-retry-after'] }),
    needs: 'limiter.headers',
    idle: `no promised rate-limit header contained a ${field}`,
    once: 'each',
    when: (exchange, wire) => promisedNames(field, wire).some((name) => exchange.header(name) !== undefined),
    change: async ({ whole }) => {
      const own = await whole();
      const raise = (digits: string) => String(Number(digits) + by);
      const inside = new RegExp(`(\\b(?:${field}|${SHORT[field]})=)(\\d+)`, 'g');
      const alone = withHeader(own, new RegExp(`^(x-)?ratelimit-${field}$`, 'i'), (value) =>
        value.replace(/\d+/, raise),
      );
      const both = withHeader(alone, /^ratelimit(-policy)?$/i, (value) =>
        value.replace(inside, (_, name: string, digits: string) => name + raise(digits)),
      );
      const all = field === 'reset' ? withHeader(both, /^retry-after$/i, raise) : both;
      return isDeepStrictEqual(all.headers, own.headers) ? undefined : all;
    },
  });

export const RATE_LIMIT_MUTANTS: readonly WireMutant[] = [
  {
    name: 'one-request-beyond-the-limit',
    does: 'the first 429 of a client in a window, or a few of a token bucket, are replaced by its last answer with another status',
    turnsRed: [
      'rate-limit-admits-exactly',
      'rate-limit-admits-exactly-once',
      'rate-limit-bucket',
      'rate-limit-weighted',
      'rate-limit-window-boundary',
      'replicas-share-limits',
      'rate-limit-costs',
      'rate-limit-after-trouble',
    ],
    disturbs: ['rate-limit-header-truth', 'rate-limit-identity'],
    needs: 'profiles.NAME.limits',
    create: letThroughOneMore,
  },
  onAnswers({
    name: 'refusals-with-another-status',
    does: 'requests that a limit refuses get a 503 instead of a 429',
    turnsRed: [
      'rate-limit-admits-exactly',
      'rate-limit-admits-exactly-once',
      'rate-limit-bucket',
      'rate-limit-weighted',
    ],
    disturbs: [
      'rate-limit-refuses-until-window-ends',
      'rate-limit-holds',
      'rate-limit-retry-after',
      'rate-limit-isolated',
      'rate-limit-spares-upstreams',
    ],
    needs: 'profiles.NAME.limits',
    once: 'each',
    when: isLimited,
    change: async ({ whole }) => ({ ...(await whole()), status: 503 }),
  }),
  {
    name: 'bucket-refilled-too-fast',
    does: 'a token bucket gives out a tenth more tokens',
    turnsRed: ['rate-limit-bucket'],
    disturbs: ['rate-limit-identity', 'rate-limit-in-a-crowd'],
    needs: 'limiter.window: token-bucket',
    create: refillFaster,
  },
  onAnswers({
    name: 'refusals-as-empty-pages',
    does: 'refusals with 429 or 503 are empty pages in HTML',
    turnsRed: ['rate-limit-refusals', 'breaker-refusals', 'pool-refusals'],
    needs: 'refusalAnswer',
    once: 'each',
    when: (exchange, wire) => isError(exchange, wire) && [429, 503].includes(exchange.status),
    change: async ({ whole }) => {
      const page = withBody(await whole(), '');
      return withHeader(page, /^content-type$/i, () => 'text/html');
    },
  }),
  onAnswers({
    name: 'forged-identity-served',
    does: 'refused requests that claim another address or name get an earlier successful answer',
    turnsRed: ['rate-limit-identity'],
    needs: 'profiles.NAME.limits',
    // The script sends them again if they did not fit into a window.
    once: 'each',
    when: (exchange, wire) =>
      isLimited(exchange, wire) && CLAIMS.some((name) => exchange.requestHeader(name) !== undefined),
    change: replay,
  }),
  onAnswers({
    name: 'callers-without-a-name-served',
    does: 'refused requests without the header that identifies a client get an earlier successful answer',
    turnsRed: ['rate-limit-unnamed'],
    needs: 'client: { header }',
    once: 'each',
    when: (exchange, wire) => {
      const { client } = wire.contract;
      if (typeof client === 'string' || !('header' in client)) return false;
      return (
        hasLimit(exchange, wire) && !isServed(exchange, wire) && !exchange.requestHeader(client.header.toLowerCase())
      );
    },
    change: replay,
  }),
  onAnswers({
    name: 'one-request-in-progress-too-many',
    does: 'a request beyond those that a client may have in progress gets an earlier successful answer',
    turnsRed: ['requests-in-progress'],
    needs: 'profiles.NAME.requestsInProgress',
    once: 'phase',
    when: ({ endpoint = '', phase, status }, { numbers }) =>
      isDoing(phase, 'at once', 'at once again') && status === numbers.requestsInProgress[endpoint]?.refusal,
    change: async (exchange, wire) => {
      const answer = replay(exchange, wire);
      // The answers of the others come later as well.
      if (answer) await late(exchange, IN_PROGRESS_MS);
      return answer;
    },
  }),
  {
    name: 'one-429-turned-into-a-success',
    does: 'later in the window, one 429 is replaced by an earlier successful answer',
    turnsRed: ['rate-limit-refuses-until-window-ends', 'rate-limit-holds'],
    needs: 'profiles.NAME.limits',
    create: letThroughLater,
  },
  {
    name: 'neighbour-refused',
    does: "another client gets 429 while one client's limit is used up",
    turnsRed: ['rate-limit-isolated'],
    disturbs: ['rate-limit-admits-exactly', 'rate-limit-costs'],
    needs: 'profiles.NAME.limits',
    create: refuseNeighbour,
  },
  onAnswers({
    name: 'refused-call-reaches-its-upstream',
    does: 'an upstream gets a request for each call that is refused with 429',
    turnsRed: ['rate-limit-spares-upstreams'],
    needs: 'endpoints.NAME.reaches',
    once: 'each',
    when: isLimited,
    change: (exchange, wire) => calling(exchange, wire, firstReached(exchange, wire)),
  }),
  onAnswers({
    name: 'limit-forgotten-in-a-crowd',
    does: 'while many clients come, refused requests get an earlier successful answer',
    turnsRed: ['rate-limit-in-a-crowd'],
    needs: 'profiles.NAME.limits',
    once: 'each',
    when: (exchange, wire) => isLimited(exchange, wire) && isDoing(exchange.phase, 'crowd of clients'),
    change: replay,
  }),
  {
    name: 'refusals-delay-others',
    does: 'requests that arrive together with refused ones are answered half a second later',
    turnsRed: ['refusals-delay-nobody'],
    needs: 'profiles.NAME.limits',
    create: delayOthers,
  },
  tellingWrong('limit', 1),
  tellingWrong('remaining', 1),
  tellingWrong('reset', 2),
];

function delayOthers(wire: Wire): WireHooks {
  let refusedAt = Number.NEGATIVE_INFINITY;
  return {
    async answer(exchange) {
      if (!isDoing(exchange.phase, 'volleys')) return undefined;
      if (isLimited(exchange, wire)) refusedAt = Date.now();
      else if (Date.now() < refusedAt + TOGETHER_MS) return late(exchange, DELAYED_MS);
      return undefined;
    },
  };
}

function letThroughOneMore(wire: Wire): WireHooks {
  const admitted = new Map<string, WireAnswer>();
  const done = new Map<string, { from: number; sent: number }>();
  return {
    async answer(exchange) {
      if (!hasLimit(exchange, wire)) return undefined;
      const now = Date.now();
      const key = ofClient(exchange);
      if (exchange.status !== 429) {
        admitted.set(key, await exchange.whole());
        return undefined;
      }
      const known = done.get(key);
      // The script starts over if a burst did not fit into its window.
      const { from, sent } = known && now - known.from < windowMsOf(exchange, wire) ? known : { from: now, sent: 0 };
      const answer = sent < beyondOf(exchange, wire) ? admitted.get(key) : undefined;
      if (answer) done.set(key, { from, sent: sent + 1 });
      return answer;
    },
  };
}

const windowMsOf = ({ endpoint = '' }: Exchange, { numbers }: Wire): number =>
  (numbers.limits[endpoint]?.windowSeconds ?? 0) * 1_000;

/**
 * Returns how many requests beyond a limit are allowed. For a bucket it is more, because it may contain part of a
 * token.
 */
function beyondOf({ endpoint = '' }: Exchange, { contract, numbers }: Wire): number {
  const { max = 0, windowSeconds = 1 } = numbers.limits[endpoint] ?? {};
  if (contract.limiter.window !== 'token-bucket') return 1;
  return 2 + Math.ceil((max / windowSeconds) * REFILLED_SECONDS);
}

/** How many more tokens a bucket gives out than promised, as a share. */
const FASTER = 0.1;

function refillFaster(wire: Wire): WireHooks {
  const given = new Map<string, { since: number; tokens: number }>();
  return {
    answer(exchange) {
      const { max = 0 } = entryOf(wire.numbers.limits, exchange.endpoint ?? '') ?? {};
      if (!isLimited(exchange, wire) || wire.contract.limiter.window !== 'token-bucket') return undefined;
      const key = ofClient(exchange);
      const own = given.get(key) ?? { since: Date.now(), tokens: 0 };
      given.set(key, own);
      const due = (FASTER * max * (Date.now() - own.since)) / windowMsOf(exchange, wire);
      const answer = own.tokens + 1 <= due ? replay(exchange, wire) : undefined;
      if (answer) own.tokens += 1;
      return answer;
    },
  };
}

function letThroughLater(wire: Wire): WireHooks {
  const refusedAt = new Map<string, number>();
  const done = new Set<string>();
  return {
    answer(exchange) {
      if (!isLimited(exchange, wire)) return undefined;
      const key = ofClient(exchange);
      const first = refusedAt.get(key) ?? Date.now();
      refusedAt.set(key, first);
      const passed = (Date.now() - first) / windowMsOf(exchange, wire);
      const answer = passed > LATE[0] && passed < LATE[1] && !done.has(key) ? replay(exchange, wire) : undefined;
      if (answer) done.add(key);
      return answer;
    },
  };
}

function refuseNeighbour(wire: Wire): WireHooks {
  const usedUp = new Map<string, { client: string; until: number; refusal: ReturnType<Exchange['whole']> }>();
  return {
    async answer(exchange) {
      const { endpoint = '', client, whole } = exchange;
      const limit = entryOf(wire.numbers.limits, endpoint);
      if (!limit || limit.clients === 'together') return undefined;
      const known = usedUp.get(endpoint);
      if (exchange.status === 429 && !known) {
        const refusal = whole();
        usedUp.set(endpoint, { client, until: Date.now() + limit.windowSeconds * 300, refusal });
      }
      const isNeighbour = known && known.client !== client && Date.now() < known.until && isServed(exchange, wire);
      return isNeighbour ? known.refusal : undefined;
    },
  };
}
