import { mergeHeaders } from '../../harness/callers/compose-request.ts';
import { ownHeaders } from './caller.ts';
import { context } from './context.ts';
import type { Extra } from './service.ts';

/** A request that differs from the plain one in its headers or in how its path is spelled. */
export type Variant = [about: string, extra: Extra];

/**
 * Values of X-Forwarded-For: other clients, several clients, all address families and spellings, and invalid addresses.
 */
const FORWARDED_FOR = [
  '203.0.113.7',
  '203.0.113.7, 198.51.100.4',
  '127.0.0.1',
  '203.0.113.8:4711',
  '203.0.113.9 , ',
  ', 203.0.113.10',
  '2001:db8::1',
  '[2001:db8::2]:443',
  '::ffff:203.0.113.11',
  '::ffff:cb00:710c',
  'fe80::1%eth0',
  '0x7f.1',
  'unknown',
  '_hidden',
  'not an address',
  '203.0.113',
  '999.1.1.1',
  ',,,',
  ' ',
  '203.0.113.13, '.repeat(60),
];

/** Other headers with which proxies and their vendors identify a client. */
const OTHERS = [
  'X-Real-IP',
  'X-Client-IP',
  'Client-IP',
  'True-Client-IP',
  'CF-Connecting-IP',
  'Fastly-Client-IP',
  'X-Cluster-Client-IP',
  'X-Original-Forwarded-For',
  'X-Originating-IP',
  'X-Remote-Addr',
  'X-ProxyUser-Ip',
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

const ALL: readonly (readonly [about: string, header: string, value: string])[] = [
  ...FORWARDED_FOR.map((value) => [`X-Forwarded-For: ${value.slice(0, 30)}`, 'X-Forwarded-For', value] as const),
  ...OTHERS.map((name) => [name, name, '203.0.113.14'] as const),
  ...Object.entries(STRANGERS).map(([name, value]) => [name, name, value] as const),
  ['Forwarded', 'Forwarded', 'for=203.0.113.15;proto=https'],
  ['Forwarded, IPv6', 'Forwarded', 'for="[2001:db8::3]:1", for=203.0.113.16'],
];

/** Returns requests that claim to come from another client, using headers that anyone can set. */
export const claims = (): Variant[] =>
  ALL.flatMap(([about, name, value]): Variant[] => {
    const headers = claimed(name, value);
    return headers ? [[about, { headers }]] : [];
  });

/** Returns headers that claim a random address. They must not gain the client anything. */
export function disguise(): Record<string, string> {
  const address = `203.0.113.${1 + Math.floor(Math.random() * 250)}`;
  return mergeHeaders(
    claimed('X-Forwarded-For', address) ?? {},
    claimed('X-Real-IP', address) ?? {},
    claimed('Forwarded', `for=${address}`) ?? {},
  );
}

/**
 * Returns a header with a claim. In the header that proxies extend, the claim is what the client sent, followed by the
 * entries of the proxies. Returns undefined for the header that identifies or authenticates the client, because nobody
 * else can set it.
 */
function claimed(name: string, value: string): Record<string, string> | undefined {
  const isSame = (other: string) => other.toLowerCase() === name.toLowerCase();
  const { client, authentication } = context;
  if (authentication?.kind === 'api-key' && isSame(authentication.header ?? '')) return undefined;
  if (authentication?.kind === 'login' && authentication.cookie !== undefined && isSame('Cookie')) return undefined;
  const [own] = Object.entries(ownHeaders()).filter(([header]) => isSame(header));
  if (!own) return { [name]: value };
  return typeof client !== 'string' && 'forwarded' in client ? { [own[0]]: `${value}, ${own[1]}` } : undefined;
}
