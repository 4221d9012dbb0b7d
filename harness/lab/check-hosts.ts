import { lookup } from 'node:dns/promises';
import type { DeclaredUpstreams } from '../../mocks/declared-upstream.ts';

/**
 * Checks that the host names declared for upstreams resolve to 127.0.0.1, where the upstreams listen.
 *
 * @throws Error that names the first host that doesn't
 */
export async function checkHosts(upstreams: DeclaredUpstreams): Promise<void> {
  for (const [name, one] of Object.entries(upstreams)) {
    const host = 'tcp' in one ? undefined : one.host;
    if (host === undefined || (await addressesOf(host)).includes('127.0.0.1')) continue;
    throw new Error(
      `upstreams.${name}.host: ${host} does not resolve to 127.0.0.1; ` +
        `add the line "127.0.0.1 ${host}" to /etc/hosts, or use localhost`,
    );
  }
}

async function addressesOf(host: string): Promise<string[]> {
  const found = await lookup(host, { all: true }).catch(() => []);
  return found.map(({ address }) => address);
}
