import type { Contract, Numbers } from '../../../harness/contract/contract.ts';

/** New names by old name. */
type Renames = Readonly<Record<string, string>>;

/** New names of everything in a contract that has a name of its choice. */
export interface NewNames {
  readonly endpoints: Renames;
  readonly upstreams: Renames;
  readonly breakers: Renames;
  /** The names of the mistakes in `refusedStarts`, and of the values in `secret`. */
  readonly starts: Renames;
}

/** Names of endpoints that look like parts of check names, patterns, code, markup or files. */
const FOR_ENDPOINTS = [
  'POST /ask: "why?" (v2)',
  'a in b',
  'constructor',
  'x -> y, then z',
  '${upstream.i} $& %s',
  '* of',
  '404 Not Found',
  "<b>'&amp;'</b> | `c`",
  'toString',
  '--d::e{f="g"} \\ ../h',
  '質問 😀 é',
];

/** All other names. Those of one kind differ from those of another kind, so that each can be translated back. */
const OTHERS = {
  upstreams: ['valueOf', '2nd.hosted', '__defineGetter__'],
  breakers: ['hasOwnProperty', '3.0-beta_x', '__lookupGetter__'],
  starts: ['isPrototypeOf', 'propertyIsEnumerable', 'toLocaleString'],
};

/**
 * Returns allowed names that a program could mistake for something else. Contracts of different size get different ones
 * first.
 */
export const hostileNames = ({ endpoints, upstreams, breakers, refusedStarts, secret }: Contract): NewNames => ({
  endpoints: renames(Object.keys(endpoints), FOR_ENDPOINTS.slice(Object.keys(endpoints).length % 3), ' #'),
  upstreams: renames(Object.keys(upstreams), OTHERS.upstreams, '-'),
  breakers: renames(Object.keys(breakers), OTHERS.breakers, '-'),
  starts: renames(
    [refusedStarts, secret?.weak, secret?.strong].flatMap((settings) => Object.keys(settings ?? {})),
    OTHERS.starts,
    '-',
  ),
});

/** Gives each name another one. If there are too few, they are repeated with a number. */
const renames = (names: readonly string[], others: readonly string[], before: string): Renames =>
  Object.fromEntries(
    names.map((name, index) => {
      const round = Math.floor(index / others.length);
      return [name, `${others[index % others.length]}${round === 0 ? '' : `${before}${round + 1}`}`];
    }),
  );

/** Returns a contract in which everything has its new name. It promises the same. */
export function renamed(contract: Contract, names: NewNames): Contract {
  const { health, breakers, secrecy, secret, termination, authentication, refusedStarts } = contract;
  const ofEndpoint = (name: string): string => names.endpoints[name] as string;
  // The name `database` has a meaning.
  const ofUpstream = (name: string): string => names.upstreams[name] ?? name;
  const at = <Part extends { endpoint: string }>(part: Part): Part => ({
    ...part,
    endpoint: ofEndpoint(part.endpoint),
  });
  const ofHealth = health ?? ('health' in contract.endpoints ? 'health' : undefined);
  const changed: Contract = {
    ...contract,
    upstreams: withKeys(contract.upstreams, names.upstreams),
    endpoints: withKeys(
      mapped(contract.endpoints, (endpoint) => endpointWith(endpoint, ofUpstream)),
      names.endpoints,
    ),
    breakers: withKeys(
      mapped(breakers, (breaker) => ({
        ...at(breaker),
        upstream: ofUpstream(breaker.upstream),
        untouched: breaker.untouched.map(ofEndpoint),
        ...(breaker.openings && { openings: at(breaker.openings) }),
      })),
      names.breakers,
    ),
    profiles: mapped(contract.profiles, (profile) => numbersWith(profile, names)),
    ...(ofHealth !== undefined && { health: ofEndpoint(ofHealth) }),
    ...(contract.pool && { pool: at(contract.pool) }),
    ...(contract.ledger && { ledger: at(contract.ledger) }),
    ...(contract.capacity && { capacity: at(contract.capacity) }),
    ...(contract.cpu && { cpu: at(contract.cpu) }),
    ...(contract.memory && { memory: at(contract.memory) }),
    ...(authentication?.kind === 'login' && { authentication: at(authentication) }),
    ...(refusedStarts && { refusedStarts: withKeys(refusedStarts, names.starts) }),
    ...(secret && {
      secret: { ...secret, weak: withKeys(secret.weak, names.starts), strong: withKeys(secret.strong, names.starts) },
    }),
    ...(termination?.ready !== undefined && { termination: { ...termination, ready: ofEndpoint(termination.ready) } }),
    ...(secrecy && {
      secrecy: {
        allowed: { ...secrecy.allowed, responses: withKeys(secrecy.allowed.responses, names.endpoints) },
      },
    }),
  };
  return withAddresses(changed, names.upstreams) as Contract;
}

type Endpoint = Contract['endpoints'][string];

function endpointWith({ fallback, answers, ...endpoint }: Endpoint, ofUpstream: (name: string) => string): Endpoint {
  const order = Array.isArray(fallback)
    ? fallback.map(ofUpstream)
    : fallback && { ...fallback, order: fallback.order.map(ofUpstream) };
  return {
    ...endpoint,
    reaches: endpoint.reaches.map(ofUpstream),
    servedWithout: endpoint.servedWithout.map(ofUpstream),
    ...(order && { fallback: order }),
    ...(answers && { answers: { ...answers, ...(answers.from && { from: [answers.from].flat().map(ofUpstream) }) } }),
  };
}

const numbersWith = (numbers: Numbers, { endpoints, breakers }: NewNames): Numbers => ({
  ...numbers,
  limits: withKeys(
    mapped(numbers.limits, (limit) => ({
      ...limit,
      sharedWith: limit.sharedWith.map((name) => endpoints[name] as string),
    })),
    endpoints,
  ),
  requestsInProgress: withKeys(numbers.requestsInProgress, endpoints),
  breakers: withKeys(numbers.breakers, breakers),
});

const mapped = <Value>(record: Readonly<Record<string, Value>>, change: (value: Value) => Value) =>
  Object.fromEntries(Object.entries(record).map(([name, value]) => [name, change(value)]));

const withKeys = <Value>(record: Readonly<Record<string, Value>>, names: Renames): Record<string, Value> =>
  Object.fromEntries(Object.entries(record).map(([name, value]) => [names[name] as string, value]));

/** Replaces the names of upstreams in placeholders, in all texts. */
function withAddresses(part: unknown, upstreams: Renames): unknown {
  if (typeof part === 'string') {
    return part.replace(/(?<=\$\{upstream\.)[\w-]+/g, (name) => upstreams[name] ?? name);
  }
  if (Array.isArray(part)) return part.map((item) => withAddresses(item, upstreams));
  if (typeof part !== 'object' || part === null) return part;
  return Object.fromEntries(Object.entries(part).map(([name, inner]) => [name, withAddresses(inner, upstreams)]));
}

/** Returns a function that puts the old names back into a text. */
export function translator(names: NewNames): (text: string) => string {
  const old = new Map(
    Object.values(names).flatMap((renames) => Object.entries(renames as Renames).map(([name, other]) => [other, name])),
  );
  if (old.size === 0) return (text) => text;
  const longestFirst = [...old.keys()].sort((a, b) => b.length - a.length);
  const pattern = new RegExp(longestFirst.map((name) => `(?<!\\w)${RegExp.escape(name)}(?!\\w)`).join('|'), 'g');
  return (text) => text.replace(pattern, (name) => old.get(name) as string);
}
