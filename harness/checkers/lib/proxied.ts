import type { Facts } from './checker.ts';

/** Returns the upstreams that the service calls through the proxy of the lab. */
export const proxiedUpstreams = ({ contract: { upstreams } }: Pick<Facts, 'contract'>): string[] =>
  Object.keys(upstreams).filter((name) => upstreams[name]?.via === 'proxy');

/** Explains why no request reached an upstream through the proxy. */
export const whyNotThroughProxy = (upstream: string): string =>
  `No request reached ${upstream} through the proxy: the service may call the real API instead, or sends other ` +
  'credentials than those in ${proxy}. Its HTTP client must use HTTPS_PROXY; Node needs NODE_USE_ENV_PROXY: "1".';
