/**
 * Looks up a host in the `hosts` option. As in k6's documentation, a name with a port takes precedence over the name
 * alone, and a name over `*.domain`.
 */
export function addressOf(
  hosts: Readonly<Record<string, string>>,
  hostname: string,
  port: number,
): { host: string; port: number } {
  const bare = hostname.replace(/^\[(.*)\]$/, '$1');
  const wild = Object.keys(hosts).find((name) => name.startsWith('*.') && bare.endsWith(name.slice(1)));
  const target = hosts[`${bare}:${port}`] ?? hosts[bare] ?? (wild === undefined ? undefined : hosts[wild]);
  if (target === undefined) return { host: bare, port };
  const [, host, own] =
    /^\[?(.+?)\]?(?::(\d+))?$/.exec(target.includes('::') && !target.startsWith('[') ? `[${target}]` : target) ?? [];
  return { host: host ?? target, port: own === undefined ? port : Number(own) };
}
