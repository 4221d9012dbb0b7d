import type { HttpProxy, Proxies } from './proxies.ts';
import type { Target } from './target.ts';

/** By which connection an address is reached. */
export interface Route {
  /** Connections of the same route are interchangeable. */
  readonly key: string;
  /** What is connected to at first: the proxy, or else the address itself. */
  readonly origin: string;
  readonly proxy: HttpProxy | null;
  /** What is spoken to through the proxy, by CONNECT; null where the proxy is asked itself. */
  readonly tunnelTo: string | null;
}

/** HTTPS goes through a proxy by a tunnel; for HTTP the proxy is asked, by connections that serve all hosts. */
export function routeTo({ url, origin }: Pick<Target, 'url' | 'origin'>, proxies: Proxies): Route {
  const proxy = proxies.for(url);
  if (!proxy) return { key: origin, origin, proxy, tunnelTo: null };
  if (url.scheme !== 'https') return { key: `proxy ${proxy.origin}`, origin: proxy.origin, proxy, tunnelTo: null };
  return { key: `${origin} by ${proxy.origin}`, origin: proxy.origin, proxy, tunnelTo: origin };
}
