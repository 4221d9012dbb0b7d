import { type GoUrl, hostnameOf } from './go-url.ts';

/** The variables of the environment that ask for a proxy, and the names and domains that need none. */
export interface Proxied {
  readonly variables: readonly string[];
  readonly exceptions: readonly string[];
}

/** Reads `HTTP_PROXY`, `HTTPS_PROXY` and `NO_PROXY`, in upper or lower case. */
export function readProxied(environment: Readonly<Record<string, string | undefined>>): Proxied {
  const read = (name: string) => environment[name] || environment[name.toLowerCase()] || '';
  const exceptions = read('NO_PROXY').toLowerCase().split(',');
  return {
    variables: ['HTTP_PROXY', 'HTTPS_PROXY'].filter((name) => read(name) !== ''),
    exceptions: exceptions.map((entry) => entry.trim()).filter((entry) => entry !== ''),
  };
}

/** Returns the variable that asks for a proxy for a URL. As in Go, `localhost` and loopback addresses never need one. */
export function proxyVariableFor(url: GoUrl, { variables, exceptions }: Proxied): string | undefined {
  const variable = variables.find((name) => name === `${url.scheme.toUpperCase()}_PROXY`);
  if (variable === undefined) return undefined;
  const host = hostnameOf(url).toLowerCase();
  const isDirect =
    /^(localhost|127(\.\d+){3}|::1)$/.test(host) ||
    exceptions.some((entry) => entry === '*' || entry === host || host.endsWith(entry.replace(/^\*?\.?/, '.')));
  return isDirect ? undefined : variable;
}
