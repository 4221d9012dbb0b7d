import { realAddressOf } from '../../mocks/real-address.ts';
import type { Contract } from './contract.ts';
import { fillTexts, UPSTREAM_PREFIX } from './placeholders.ts';

/** The upstreams' origins in a running lab, by name. */
type Origins = Readonly<Record<string, string>>;

/** Returns the values of all placeholders for the upstreams' addresses. */
export const upstreamAddresses = (contract: Contract, origins: Origins): Record<string, string> =>
  Object.assign({}, ...Object.entries(origins).map(([name, origin]) => addressesOf(name, origin, contract)));

/** Returns a contract with the upstreams' addresses filled in in all requests. */
export function withUpstreamAddresses(contract: Contract, origins: Origins): Contract {
  const addresses = upstreamAddresses(contract, origins);
  const endpoints = Object.entries(contract.endpoints).map(([name, endpoint]) => [
    name,
    fillTexts(endpoint, (key) => addresses[key]),
  ]);
  return { ...contract, endpoints: Object.fromEntries(endpoints) };
}

/**
 * Returns an upstream's placeholders: its address as the service uses it, and the host and port on their own. The
 * address contains the declared host and base path, and has no scheme if the upstream is a TCP server. If the service
 * calls the upstream through the lab's proxy, it is the address of the real API.
 */
function addressesOf(name: string, origin: string, { upstreams }: Contract): Record<string, string> {
  const declared = upstreams[name];
  const { protocol, hostname, port: own } = new URL(origin);
  const { host: declaredHost = hostname, basePath = '' } = declared === undefined || 'tcp' in declared ? {} : declared;
  const real = declared && realAddressOf(declared);
  const { host, port } = real ?? { host: declaredHost, port: own };
  const scheme = protocol === 'tcp:' ? '' : `${protocol}//`;
  // Without the usual port, as in the URL of a real API.
  const hostAndPort = real ? new URL(`${protocol}//${host}:${port}`).host : `${host}:${port}`;
  const prefix = `${UPSTREAM_PREFIX}${name}`;
  return { [prefix]: `${scheme}${hostAndPort}${basePath}`, [`${prefix}.host`]: host, [`${prefix}.port`]: port };
}
