import type { Proof } from '../../harness/contract/proof.ts';
import type { Step } from '../../harness/contract/tags.ts';
import { addresses, agents, claims, type Variant, vendorAddresses } from '../lib/claims.ts';
import { context, distinctClients, find } from '../lib/context.ts';
import { CROWD, stayRefusedInCrowd } from '../lib/crowd.ts';
import { widthOf } from '../lib/held-calls.ts';
import { lab } from '../lib/lab.ts';
import { turns } from '../lib/lasting.ts';
import { inRounds, LIMIT_CLIENTS, takeTurn } from '../lib/limit-clients.ts';
import { runOnce } from '../lib/run-once.ts';
import { call } from '../lib/service.ts';
import { atMost, together } from '../lib/wait.ts';
import { awaitClockWindow } from '../lib/windows.ts';

export { handleSummary } from '../lib/summary.ts';

/** Time between the starts of two clients, as a share of a window. */
const APART = 0.25;

/** One client for each limit, and another one for the crowd. */
const CLIENTS = distinctClients(LIMIT_CLIENTS + CROWD.length);
/** The estimated duration of the crowd. */
const CROWD_SECONDS = 2;

export const proof: Proof = {
  about:
    'A client that used up a limit sends forged X-Forwarded-For and the address headers of proxies, CDNs and hosting ' +
    'platforms, the User-Agent of probes, other names and keys, and other spellings of the path. It stays rejected, also ' +
    'when 1,100 other clients come, if no other profile has a longer window. If a header identifies clients, those who leave it out are refused or limited.',
  judges: 'forged client identities',
  clients: CLIENTS,
  seconds: 2 + turns(LIMIT_CLIENTS, APART) + CROWD_SECONDS * CROWD.length,
  conditions: [],
  holds: ['rate-limit-identity', 'rate-limit-unnamed', 'rate-limit-in-a-crowd'],
  plan: CROWD,
};

export const options = runOnce({ clients: CLIENTS });

const IN_FLIGHT = 8;
/** Number of requests of callers without a name beyond two windows. */
const UNNAMED = 5;

/** Other spellings of a path, which a service may or may not recognize. */
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

/** A variant of a request, and its purpose. */
interface Tried {
  readonly step: Step;
  readonly variant: Variant;
  /** What to try instead if it is not refused with 429, because it combines several variants. */
  readonly alone?: readonly Variant[];
}

/** One client for each limit. They start one after another. */
export default async function (): Promise<void> {
  if (__VU > LIMIT_CLIENTS) return beInCrowds();
  const { limit, windowMs } = await takeTurn(APART);
  if (context.limiter.window === 'token-bucket') await tryOneByOne(limit, windowMs);
  else await inRounds(windowMs, (round) => tryAll(limit, windowMs, round));
  if (typeof context.client !== 'string' && 'header' in context.client)
    await comeWithoutName(limit, context.client.header);
  await lab.signal(`client ${__VU} is done`);
}

/** Sends requests without the header that identifies a client, and with an empty one: more than two windows allow. */
async function comeWithoutName(limit: string, header: string): Promise<void> {
  const n = 2 * find(context.limits, limit).max + UNNAMED;
  const variants: Variant[] = [
    [`without ${header}`, { withoutHeader: header }],
    [`with an empty ${header}`, { headers: { [header]: '' } }],
  ];
  for (const [variant, extra] of variants) {
    await atMost(widthOf(limit, IN_FLIGHT), n, () => call(limit, { limit, step: 'unnamed', variant }, extra));
  }
}

/** Once the other clients are done, because the crowd keeps the service busy. */
async function beInCrowds(): Promise<void> {
  for (let client = 1; client < __VU; client += 1) await lab.awaitSignal(`client ${client} is done`, 120_000);
  for (const crowd of CROWD) await stayRefusedInCrowd(crowd);
}

/** Returns all variants for a limit. Headers that its requests have anyway may identify the client, and are left out. */
function variantsOf(limit: string): Tried[] {
  const { method, headers } = find(context.endpoints, limit);
  const own = Object.keys(headers).map((name) => name.toLowerCase());
  const isFree = ([, extra]: Variant) =>
    !Object.keys(extra.headers ?? {}).some((name) => own.includes(name.toLowerCase()));
  const tried = (step: Step, variants: Variant[]) => variants.filter(isFree).map((variant) => ({ step, variant }));
  return [
    ...tried('address', addresses()),
    ...vendorAddresses(isFree).map(({ all, alone }) => ({ step: 'addresses' as const, variant: all, alone })),
    ...tried('claim', claims()),
    ...tried('agent', agents()),
    // HEAD is only a variant of GET.
    ...tried(
      'spelling',
      SPELLINGS.filter(([, extra]) => extra.method === undefined || method === 'GET'),
    ),
  ];
}

/**
 * Uses up a limit with plain requests and then claims other identities. Returns whether everything fit into one window.
 */
async function tryAll(limit: string, windowMs: number, round: string): Promise<boolean> {
  await awaitClockWindow(windowMs);
  const began = Date.now();
  const { max } = find(context.limits, limit);
  await atMost(widthOf(limit, IN_FLIGHT), max + 1, () => call(limit, { limit, round, step: 'plain' }));
  const alone: Tried[] = [];
  const send = (tried: Tried[]) =>
    atMost(widthOf(limit, IN_FLIGHT), tried.length, async (index) => {
      const { step, variant, alone: parts = [] } = tried[index] as Tried;
      const { status } = await call(limit, { limit, round, step, variant: variant[0] }, variant[1]);
      if (status !== 429) alone.push(...parts.map((part) => ({ step: 'address' as const, variant: part })));
    });
  await send(variantsOf(limit));
  await send(alone);
  return Date.now() < began + windowMs;
}

/** Number of requests of a variant beyond the tokens of a tenth of a second, and how often a variant is tried. */
const [AT_LEAST, TENTH_MS, TRIES] = [3, 100, 3];
/** Number of concurrent plain requests that empty a bucket again, beyond the tokens of this many milliseconds. */
const ROUND_TRIP_MS = 10;

/**
 * Tries each variant with a bucket that has just been emptied. Its requests come together, and are more than the tokens
 * that are refilled meanwhile. If all of them are served, it is tried again, because the machine may have paused.
 */
async function tryOneByOne(limit: string, windowMs: number): Promise<void> {
  const { max } = find(context.limits, limit);
  const perMs = max / windowMs;
  const width = Math.min(max, AT_LEAST + Math.ceil(perMs * TENTH_MS));
  const atOnce = Math.ceil(perMs * ROUND_TRIP_MS);
  await atMost(widthOf(limit, IN_FLIGHT), max, () => call(limit, { limit, round: '0', step: 'plain' }));
  let round = 0;
  let inVain = 0;
  const areAllServed = async ({ step, variant: [variant, extra] }: Tried): Promise<boolean> => {
    round += 1;
    const tags = { limit, round: String(round) };
    const ends = Date.now() + windowMs;
    const isEmpty = async () =>
      (await together(atOnce, () => call(limit, { ...tags, step: 'plain' }))).some(({ status }) => status === 429);
    let wasEmpty = await isEmpty();
    while (!wasEmpty && Date.now() < ends) wasEmpty = await isEmpty();
    const responses = await together(width, () => call(limit, { ...tags, step, variant }, extra));
    const areServed = responses.every(({ status }) => status !== 429);
    inVain = wasEmpty || !areServed ? 0 : inVain + 1;
    return areServed;
  };
  const tryOne = async (tried: Tried): Promise<void> => {
    let served = 0;
    while (served < TRIES && (await areAllServed(tried))) served += 1;
    if (served === 0) return;
    for (const variant of tried.alone ?? []) await areAllServed({ step: 'address', variant });
  };
  for (const tried of variantsOf(limit)) {
    // Without a limit, each variant would take several windows for nothing. What was tried in vain proves nothing, so
    // the check does not pass without the others.
    if (inVain < TRIES) await tryOne(tried);
  }
}
