import { Refusal } from '../faults/base/refusal.ts';
import type { DeclaredUpstream } from './declared-upstream.ts';
import { providers } from './providers.ts';

type HttpUpstream = Exclude<DeclaredUpstream, { tcp: unknown }>;

/** The host and the port of a real API, which the service calls through the lab's proxy. */
export interface RealAddress {
  readonly host: string;
  readonly port: string;
}

/**
 * Returns the address at which the service calls an upstream through the lab's proxy, or undefined if it reads the
 * upstream's own address from its settings.
 *
 * @throws Refusal `invalid-field` if no host is declared and the real API is unknown, or if a port is declared without
 * `via`
 */
export function realAddressOf(declared: DeclaredUpstream): RealAddress | undefined {
  if ('tcp' in declared) return undefined;
  const { via, host = realHostOf(declared), tls = true } = declared;
  if (via === undefined) {
    if (declared.host?.includes(':')) throw new Refusal('invalid-field', 'host: only with `via: proxy` has it a port');
    return undefined;
  }
  if (host === undefined) throw new Refusal('invalid-field', 'via: needs the `host` that the service calls');
  const { hostname, port } = new URL(`${tls ? 'https' : 'http'}://${host}`);
  return { host: hostname, port: port || (tls ? '443' : '80') };
}

/** Returns the host, and its port if it has one, of the API that an upstream stands for, if that is known. */
function realHostOf(declared: HttpUpstream): string | undefined {
  if ('kind' in declared) return new URL(providers[declared.kind].origin).host;
  return 'handlers' in declared && declared.origin !== undefined ? new URL(declared.origin).host : undefined;
}
