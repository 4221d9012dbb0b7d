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

/** Headers in which proxies, load balancers, CDNs and hosting platforms put a client's address. */
const VENDORS = [
  'Akamai-Client-IP',
  'Ali-CDN-Real-IP',
  'CDN-Src-IP',
  'CF-Connecting-IP',
  'CF-Connecting-IPv6',
  'CF-Pseudo-IPv4',
  'Client-IP',
  'CloudFront-Viewer-Address',
  'DO-Connecting-IP',
  'EO-Client-IP',
  'Fastly-Client-IP',
  'Fly-Client-IP',
  'Forwarded-For',
  'Incap-Client-IP',
  'Proxy-Client-IP',
  'Remote-Addr',
  'True-Client-IP',
  'WL-Proxy-Client-IP',
  'X-Appengine-Remote-Addr',
  'X-Appengine-User-IP',
  'X-Azure-ClientIP',
  'X-Azure-SocketIP',
  'X-Client-IP',
  'X-Client-Real-IP',
  'X-Cluster-Client-IP',
  'X-Envoy-External-Address',
  'X-Envoy-Original-Dst-Host',
  'X-Forwarded',
  'X-Forwarded-Client-IP',
  'X-NF-Client-Connection-IP',
  'X-Original-Forwarded-For',
  'X-Original-Remote-Addr',
  'X-Originating-IP',
  'X-ProxyUser-IP',
  'X-Real-Client-IP',
  'X-Real-IP',
  'X-Remote-Addr',
  'X-Remote-IP',
  'X-Sucuri-ClientIP',
  'X-Trusted-Client-IP',
  'X-Vercel-Forwarded-For',
];

/** An address within a company's network, whose requests a service may exempt. */
const INTERNAL = '10.0.0.7';
/** The number of these headers that one request has. */
const AT_ONCE = 6;

/** Headers that a service may use to distinguish callers or requests, and that anyone can set. */
const STRANGERS = {
  Authorization: 'Bearer another-token',
  'X-Api-Key': 'another-key',
  'X-User-Id': 'another-user',
  'X-Client-Id': 'another-client',
  'X-Tenant-Id': 'another-tenant',
  'X-Session-Id': 'another-session',
  'X-Device-Id': 'another-device',
  'X-Request-Id': 'another-request',
  'X-Internal-Request': 'true',
  'X-Internal': 'true',
  'X-Health-Check': 'true',
  'X-RateLimit-Bypass': 'true',
  'X-Original-URL': '/another-path',
  Origin: 'https://another.example',
  Cookie: 'session=another',
};

/** Values of User-Agent: probes of orchestrators, load balancers and monitoring, and well-known crawlers. */
const AGENTS = [
  'another client/2.0',
  'kube-probe/1.32',
  'GoogleHC/1.0',
  'GoogleStackdriverMonitoring-UptimeChecks(https://cloud.google.com/monitoring)',
  'ELB-HealthChecker/2.0',
  'Amazon-Route53-Health-Check-Service (ref 1234; report http://amzn.to/1vsZADi)',
  'Amazon CloudFront',
  'Edge Health Probe',
  'Envoy/HC',
  'HAProxy',
  'Consul Health Check',
  'Prometheus/3.5.0',
  'Blackbox Exporter/0.27.0',
  'Datadog/Synthetics',
  'NewRelicPinger/1.0 (1234)',
  'Pingdom.com_bot_version_1.4_(http://www.pingdom.com/)',
  'Mozilla/5.0+(compatible; UptimeRobot/2.0; http://www.uptimerobot.com/)',
  'Better Uptime Bot Mozilla/5.0',
  'StatusCake_Uptime_Monitoring',
  'Site24x7',
  'Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)',
  'Mozilla/5.0 (compatible; bingbot/2.0; +http://www.bing.com/bingbot.htm)',
  'curl/8.14.1',
];

type Header = readonly [about: string, name: string, value: string];

const ADDRESSES: readonly Header[] = [
  ...FORWARDED_FOR.map((value) => [`X-Forwarded-For: ${value.slice(0, 30)}`, 'X-Forwarded-For', value] as const),
  ['X-Real-IP: internal', 'X-Real-IP', INTERNAL],
  ['X-Forwarded-For: internal', 'X-Forwarded-For', INTERNAL],
  ['Forwarded', 'Forwarded', 'for=203.0.113.15;proto=https'],
  ['Forwarded, IPv6', 'Forwarded', 'for="[2001:db8::3]:1", for=203.0.113.16'],
];

const withHeader = ([about, name, value]: Header): Variant[] => {
  const headers = claimed(name, value);
  return headers ? [[about, { headers }]] : [];
};

/** Returns requests that claim another address, each in a header that proxies set. */
export const addresses = (): Variant[] => ADDRESSES.flatMap(withHeader);

/** Returns requests that claim to come from another caller, using headers that anyone can set. */
export const claims = (): Variant[] =>
  Object.entries(STRANGERS).flatMap(([name, value]) => withHeader([name, name, value]));

/** Returns requests that claim to come from a well-known probe or crawler. */
export const agents = (): Variant[] => AGENTS.flatMap((agent) => withHeader([agent, 'User-Agent', agent]));

/**
 * Returns requests with the headers of several vendors, each with a request for each of its headers alone. Those claim
 * other addresses, whose limits are not used up.
 *
 * @param isFree Whether a request with a header may be sent.
 */
export function vendorAddresses(isFree: (alone: Variant) => boolean): { all: Variant; alone: Variant[] }[] {
  const claimedIn = (network: string) =>
    VENDORS.flatMap((name, index) => withHeader([name, name, `${network}.${index + 1}`])).filter(isFree);
  const [each, others] = [claimedIn('198.51.100'), claimedIn('192.0.2')] as const;
  return Array.from({ length: Math.ceil(each.length / AT_ONCE) }, (_, group) => {
    const [all, alone] = [each, others].map((claims) => claims.slice(group * AT_ONCE, (group + 1) * AT_ONCE)) as [
      Variant[],
      Variant[],
    ];
    const headers = mergeHeaders(...all.map(([, extra]) => extra.headers ?? {}));
    return { all: [alone.map(([about]) => about).join(', '), { headers }], alone };
  });
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
