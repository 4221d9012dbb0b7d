import type { Proof } from '../../harness/contract/proof.ts';
import { context, find } from '../lib/context.ts';
import { turns } from '../lib/lasting.ts';
import { inRounds, LIMIT_CLIENTS, takeTurn } from '../lib/limit-clients.ts';
import { call } from '../lib/service.ts';
import { atMost, nextClockWindow, pauseUntil } from '../lib/wait.ts';

export { limitClientOptions as options } from '../lib/limit-clients.ts';
export { handleSummary } from '../lib/summary.ts';

/** Share of a window between the starts of two clients. */
const APART = 0.25;

export const proof: Proof = {
  about:
    'A client that used up a limit sends forged X-Forwarded-For and similar headers, other names and keys, and ' +
    'other spellings of the path. It stays refused.',
  judges: 'forged client identities',
  clients: LIMIT_CLIENTS,
  seconds: 2 + turns(LIMIT_CLIENTS, APART),
  conditions: [],
  holds: ['rate-limit-identity'],
};

const IN_FLIGHT = 8;
/** Milliseconds after which a window of the clock has begun in every process. */
const MARGIN_MS = 20;

/**
 * Values of X-Forwarded-For: other clients, several clients, all address families and spellings, and invalid addresses.
 */
const FORWARDED_FOR = [
  ...['203.0.113.7', '203.0.113.7, 198.51.100.4', '127.0.0.1', '203.0.113.8:4711', '203.0.113.9 , ', ', 203.0.113.10'],
  ...['2001:db8::1', '[2001:db8::2]:443', '::ffff:203.0.113.11', '::ffff:cb00:710c', 'fe80::1%eth0', '0x7f.1'],
  ...['unknown', '_hidden', 'not an address', '203.0.113', '999.1.1.1', ',,,', ' ', '203.0.113.13, '.repeat(60)],
];

/** Other headers with which proxies and their vendors identify a client. */
const OTHERS = [
  ...['X-Real-IP', 'X-Client-IP', 'Client-IP', 'True-Client-IP', 'CF-Connecting-IP', 'Fastly-Client-IP'],
  ...['X-Cluster-Client-IP', 'X-Original-Forwarded-For', 'X-Originating-IP', 'X-Remote-Addr', 'X-ProxyUser-Ip'],
];

/** Headers that a service may use to distinguish callers or requests, and that anyone can set. */
const STRANGERS = {
  'User-Agent': 'another client/2.0',
  'X-Api-Key': 'another-key',
  'X-User-Id': 'another-user',
  'X-Request-Id': 'another-request',
  'X-Internal-Request': 'true',
  Cookie: 'session=another',
};

/** A request that differs from the plain one in its headers or in the spelling of its path. */
type Variant = [about: string, extra: NonNullable<Parameters<typeof call>[2]>];

const CLAIMS: Variant[] = [
  ...FORWARDED_FOR.map((value): Variant => [`X-Forwarded-For: ${value.slice(0, 30)}`, forwardedFor(value)]),
  ...OTHERS.map((name): Variant => [name, { headers: { [name]: '203.0.113.14' } }]),
  ...Object.entries(STRANGERS).map(([name, value]): Variant => [name, { headers: { [name]: value } }]),
  ['Forwarded', { headers: { Forwarded: 'for=203.0.113.15;proto=https' } }],
  ['Forwarded, IPv6', { headers: { Forwarded: 'for="[2001:db8::3]:1", for=203.0.113.16' } }],
];

/** Other spellings of a path, which a service may or may not recognise. */
const SPELLINGS: Variant[] = [
  ['a query', { query: 'n=1' }],
  ['an empty query', { query: '' }],
  ['a trailing slash', { path: (path) => `${path}/` }],
  ['two trailing slashes', { path: (path) => `${path}//` }],
  ['a trailing blank', { path: (path) => `${path}%20` }],
  ['a parameter of the path', { path: (path) => `${path};v=1` }],
  ['upper case', { path: (path) => path.toUpperCase() }],
  ['a first capital', { path: (path) => path.replace(/[a-z]/, (letter) => letter.toUpperCase()) }],
  ['an encoded letter', { path: (path) => path.replace(/[a-z]/, (letter) => `%${letter.charCodeAt(0).toString(16)}`) }],
  ['a double slash before', { path: (path) => `/${path}` }],
  ['HEAD', { method: 'HEAD' }],
  ['a double slash within', { path: (path) => path.replace(/(?<=.)\//, '//') }],
];

function forwardedFor(value: string) {
  return { headers: { 'X-Forwarded-For': value } };
}

/** One client for each limit, started one after another. */
export default async function (): Promise<void> {
  const { limit, windowMs } = await takeTurn(APART);
  await inRounds(windowMs, (round) => tryAll(limit, windowMs, round));
}

/** Uses up a limit with plain requests and then claims other identities; returns whether one window was enough. */
async function tryAll(limit: string, windowMs: number, round: string): Promise<boolean> {
  if (context.limiter.window === 'clock') await pauseUntil(nextClockWindow(windowMs) + MARGIN_MS);
  const began = Date.now();
  const { max } = find(context.limits, limit);
  await atMost(IN_FLIGHT, max + 1, () => call(limit, { limit, round, step: 'plain' }));
  const send = (step: string, variants: Variant[]) =>
    atMost(IN_FLIGHT, variants.length, async (index) => {
      const [variant, extra] = variants[index] as Variant;
      await call(limit, { limit, round, step, variant }, extra);
    });
  if (context.client === 'socket') await send('claim', CLAIMS);
  // HEAD is a variant of GET only.
  await send(
    'spelling',
    SPELLINGS.filter(([, { method }]) => method === undefined || find(context.endpoints, limit).method === 'GET'),
  );
  return Date.now() < began + windowMs;
}
