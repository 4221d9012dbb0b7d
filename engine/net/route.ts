import type { HttpProxy, Proxies } from './proxies.ts';
import type { Target } from './target.ts';

/** How a URL is reached: directly or through a proxy. */
export interface Route {
  /** Connections with the same key are interchangeable. */
  readonly key: string;
  /** The first host to connect to, which is either the proxy or the target. */
  readonly origin: string;
  readonly proxy: HttpProxy | null;
  /** The target of a CONNECT tunnel through the proxy, or null if no tunnel is used. */
  readonly tunnelTo: string | null;
}

/**
 * Returns the route to a URL. HTTPS requests use a tunnel through the proxy. Plain HTTP requests are sent to the proxy
 * itself, on connections that all hosts share.
 */
export function routeTo({ url, origin }: Pick<Target, 'url' | 'origin'>, proxies: Proxies): Route {
  const proxy = proxies.for(url);
  if (!proxy) return { key: origin, origin, proxy, tunnelTo: null };
  if (url.scheme !== 'https') return { key: `proxy ${proxy.origin}`, origin: proxy.origin, proxy, tunnelTo: null };
  return { key: `${origin} by ${proxy.origin}`, origin: proxy.origin, proxy, tunnelTo: origin };
}
