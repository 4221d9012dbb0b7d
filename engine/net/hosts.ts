import { withoutBrackets } from './go-url.ts';

/**
 * Looks up a host in the `hosts` option. As in k6, patterns are first compared with `name:port` and then with the name
 * alone. An exact name takes precedence over patterns that start with `*`, and the longest pattern over the others. `*`
 * matches every host, and also IP addresses.
 *
 * @param hosts Addresses by lower-case name or pattern.
 */
export function addressOf(
  hosts: Readonly<Record<string, string>>,
  hostname: string,
  port: number,
): { host: string; port: number } {
  const bare = withoutBrackets(hostname);
  const name = hostname.toLowerCase();
  const target = find(hosts, `${name}:${port}`) ?? find(hosts, bare.toLowerCase());
  if (target === undefined) return { host: bare, port };
  const [, host, own] =
    /^\[?(.+?)\]?(?::(\d+))?$/.exec(target.includes('::') && !target.startsWith('[') ? `[${target}]` : target) ?? [];
  return { host: host ?? target, port: own === undefined ? port : Number(own) };
}

function find(hosts: Readonly<Record<string, string>>, name: string): string | undefined {
  if (Object.hasOwn(hosts, name)) return hosts[name];
  const wild = Object.keys(hosts).filter((pattern) => pattern.startsWith('*') && name.endsWith(pattern.slice(1)));
  const longest = wild.sort((a, b) => b.length - a.length)[0];
  return longest === undefined ? undefined : hosts[longest];
}
