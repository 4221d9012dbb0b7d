import { type BlockList, isIP, type TcpNetConnectOpts } from 'node:net';
import { withoutBrackets } from './go-url.ts';
import { addressOf } from './hosts.ts';
import type { Resolver } from './resolver.ts';

/** Settings for new connections: blocked hosts, addresses and name resolution. */
export interface DialSettings {
  readonly hosts: Readonly<Record<string, string>>;
  /** Blocked names in lower case. A pattern may start with `*`. */
  readonly blockedHosts: readonly string[];
  readonly blockedAddresses: BlockList;
  /** The local address to connect from. If undefined, the operating system chooses it. */
  readonly localAddress: string | undefined;
  readonly resolver: () => Resolver;
}

/**
 * Returns the options for connecting to a host. As in k6, blocked names are checked before `hosts` is applied, and
 * blocked addresses after resolution. If either matches, the connection fails with ERR_HOST_BLOCKED or ERR_IP_BLOCKED.
 */
export function dialOptions(settings: DialSettings, hostname: string, port: number): TcpNetConnectOpts {
  const { hosts, blockedHosts, blockedAddresses, localAddress, resolver } = settings;
  const common = { ...(localAddress !== undefined && { localAddress }), blockList: blockedAddresses };
  const pattern = isIP(withoutBrackets(hostname)) === 0 ? blocking(blockedHosts, hostname.toLowerCase()) : undefined;
  if (pattern !== undefined) {
    const reason = `hostname (${hostname}) is in a blocked pattern (${pattern})`;
    const blocked = Object.assign(new Error(reason), { code: 'ERR_HOST_BLOCKED' });
    return { ...common, host: hostname, port, lookup: (_, __, callback) => callback(blocked, '') };
  }
  return {
    ...common,
    ...addressOf(hosts, hostname, port),
    lookup: (host, { all }, callback) => {
      resolver()
        .resolve(host)
        .then(
          (found) => (all ? callback(null, [found]) : callback(null, found.address, found.family)),
          (error: Error) => callback(error, ''),
        );
    },
  };
}

const blocking = (patterns: readonly string[], host: string): string | undefined =>
  patterns.find((pattern) => (pattern.startsWith('*') ? host.endsWith(pattern.slice(1)) : host === pattern));
