import type { HttpProxy, Proxies } from './proxies.ts';
import type { Target } from './target.ts';

/** The connection through which a URL is reached. */
export interface Route {
  /** Connections with the same key are interchangeable. */
  readonly key: string;
  /** The first host to connect to: the proxy or the target. */
  readonly origin: string;
  readonly proxy: HttpProxy | null;
  /** The target of a CONNECT tunnel through the proxy; null without a tunnel. */
  readonly tunnelTo: string | null;
}

/**
 * HTTPS uses a tunnel through the proxy. Plain HTTP requests go to the proxy itself, on connections shared by all
 * hosts.
 */
export function routeTo({ url, origin }: Pick<Target, 'url' | 'origin'>, proxies: Proxies): Route {
  const proxy = proxies.for(url);
  if (!proxy) return { key: origin, origin, proxy, tunnelTo: null };
  if (url.scheme !== 'https') return { key: `proxy ${proxy.origin}`, origin: proxy.origin, proxy, tunnelTo: null };
  return { key: `${origin} by ${proxy.origin}`, origin: proxy.origin, proxy, tunnelTo: origin };
}
