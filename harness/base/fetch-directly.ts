import type undici from 'undici';

/**
 * The key of Node's global dispatcher, which sends the requests of `fetch`. It is undefined before the first request.
 */
const DISPATCHER = Symbol.for('undici.globalDispatcher.1');

/** Whether `fetch` may send requests elsewhere, for example to a proxy because of NODE_USE_ENV_PROXY. */
const isIndirect = (): boolean => {
  const dispatcher: unknown = Reflect.get(globalThis, DISPATCHER);
  return typeof dispatcher === 'object' && dispatcher !== null && dispatcher.constructor.name !== 'Agent';
};

let direct: Promise<{ fetch: typeof undici.fetch; dispatcher: undici.Agent }> | undefined;

/** The most redirects that are followed. */
const MOST_REDIRECTS = 10;

/**
 * Like `fetch`, but never uses a proxy, and follows redirects only within the origin, so that a service can't send
 * requests elsewhere: another redirect is the response. Use it for everything in the lab: a request to a control API
 * contains its token.
 */
export async function fetchDirectly(url: string, init: RequestInit = {}): Promise<Response> {
  for (let [at, left] = [url, MOST_REDIRECTS]; ; left -= 1) {
    const response = await fetchOnce(at, { ...init, redirect: 'manual' });
    const next = init.redirect === 'manual' || left === 0 ? undefined : sameOrigin(at, response);
    if (next === undefined) return response;
    await response.body?.cancel();
    at = next;
  }
}

/** Returns where a redirect leads, if it is one, and stays at the origin. */
function sameOrigin(from: string, { status, headers }: Response): string | undefined {
  const location = headers.get('location');
  if (status < 300 || status > 399 || location === null) return undefined;
  const to = URL.parse(location, from);
  return to?.origin === new URL(from).origin && to.username === '' ? to.href : undefined;
}

async function fetchOnce(url: string, init: RequestInit): Promise<Response> {
  if (!isIndirect()) return fetch(url, init);
  // Loading undici takes 0.1 s.
  direct ??= import('undici').then((loaded) => ({ fetch: loaded.fetch, dispatcher: new loaded.Agent() }));
  const { fetch: send, dispatcher } = await direct;
  return (await send(url, { ...(init as object), dispatcher })) as unknown as Response;
}
