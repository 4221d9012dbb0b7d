/**
 * Looks up a host in the option `hosts`. A name with its port comes before the name alone, and a name before
 * `*.domain`, as in k6's documentation.
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
