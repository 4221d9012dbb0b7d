import type { z } from 'zod';
import type { CallKind } from '../calls/index.ts';
import { connectionFaults } from '../connections/index.ts';
import { plainUpstreamFaults, upstreamFaults } from '../kinds/index.ts';
import type { FaultKinds } from '../kinds/lib/fault.ts';
import type { Upstream } from '../upstream/upstream.ts';
import type { Provider } from './provider.ts';

/** An upstream that speaks HTTP. */
export interface HttpDefinition {
  /** Host names for which the trusted certificate is valid, in addition to the loopback names. */
  readonly hosts: readonly string[];
  /** Whether the upstream is served over HTTPS rather than plain HTTP. */
  readonly tls: boolean;
  /** The host and port of the real API, if clients call it through the lab's proxy. */
  readonly proxied?: string | undefined;
  /** The schema for the settings that the control API accepts. */
  readonly settings: z.ZodObject;
  /** Creates the upstream with no usage and no stored data. A reset calls it again. */
  create(options: { readonly seed: string }): Upstream | Promise<Upstream>;
}

/** A TCP server behind a proxy. */
export interface TcpDefinition {
  readonly tcp: { readonly host: string; readonly port: number };
  /** How to recognize calls. If absent, only connections have receipts. */
  readonly calls?: CallKind | undefined;
}

/** An upstream to start. Its name is used in the control API and in receipts. */
export type UpstreamDefinition = HttpDefinition | TcpDefinition;

/** Defines an instance of a provider's fake that starts with the given settings. */
export const fakeOf = (provider: Provider, settings?: Record<string, unknown>): HttpDefinition => ({
  hosts: [new URL(provider.origin).hostname],
  tls: true,
  settings: provider.settings,
  create: ({ seed }) => provider.create({ seed, settings }),
});

/** Returns the kinds of faults that an upstream supports, by name. */
export function faultsOf(
  upstream: { readonly tcp: unknown } | { readonly tls?: boolean | undefined },
): FaultKinds<never> {
  if ('tcp' in upstream) return connectionFaults;
  return upstream.tls === false ? plainUpstreamFaults : upstreamFaults;
}
