import type { Proof } from '../../harness/contract/proof.ts';
import type { Step } from '../../harness/contract/tags.ts';
import { claims, type Variant } from '../lib/claims.ts';
import { context, find } from '../lib/context.ts';
import { turns } from '../lib/lasting.ts';
import { inRounds, LIMIT_CLIENTS, takeTurn } from '../lib/limit-clients.ts';
import { call } from '../lib/service.ts';
import { atMost } from '../lib/wait.ts';
import { awaitClockWindow, needWindows } from '../lib/windows.ts';

export { limitClientOptions as options } from '../lib/limit-clients.ts';
export { handleSummary } from '../lib/summary.ts';

needWindows();

/** Time between the starts of two clients, as a share of a window. */
const APART = 0.25;

export const proof: Proof = {
  about:
    'A client that used up a limit sends forged X-Forwarded-For and similar headers, other names and keys, and ' +
    'other spellings of the path. It stays rejected.',
  judges: 'forged client identities',
  clients: LIMIT_CLIENTS,
  seconds: 2 + turns(LIMIT_CLIENTS, APART),
  conditions: [],
  holds: ['rate-limit-identity'],
};

const IN_FLIGHT = 8;

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

/** One client for each limit. They start one after another. */
export default async function (): Promise<void> {
  const { limit, windowMs } = await takeTurn(APART);
  await inRounds(windowMs, (round) => tryAll(limit, windowMs, round));
}

/**
 * Uses up a limit with plain requests and then claims other identities. Returns whether everything fit into one window.
 */
async function tryAll(limit: string, windowMs: number, round: string): Promise<boolean> {
  await awaitClockWindow(windowMs);
  const began = Date.now();
  const { max } = find(context.limits, limit);
  await atMost(IN_FLIGHT, max + 1, () => call(limit, { limit, round, step: 'plain' }));
  const send = (step: Step, variants: Variant[]) =>
    atMost(IN_FLIGHT, variants.length, async (index) => {
      const [variant, extra] = variants[index] as Variant;
      await call(limit, { limit, round, step, variant }, extra);
    });
  await send('claim', claims());
  // HEAD is only a variant of GET.
  await send(
    'spelling',
    SPELLINGS.filter(([, { method }]) => method === undefined || find(context.endpoints, limit).method === 'GET'),
  );
  return Date.now() < began + windowMs;
}
