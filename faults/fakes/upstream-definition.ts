import type { z } from 'zod';
import { plainUpstreamFaults, upstreamFaults } from '../kinds/index.ts';
import type { UpstreamFault } from '../kinds/lib/upstream-fault.ts';
import type { Upstream } from '../upstream/upstream.ts';
import type { Provider } from './provider.ts';

/** An upstream to start. Its name is the one in the control API and in receipts. */
export interface UpstreamDefinition {
  /** The host names that the trusted certificate is valid for, besides those of loopback. */
  readonly hosts: readonly string[];
  /** Whether it is served over HTTPS, else over plain HTTP. */
  readonly tls: boolean;
  /** The schema of the settings that the control API accepts. */
  readonly settings: z.ZodObject;
  /** Creates the upstream with nothing used or stored. Called again by a reset. */
  create(options: { readonly seed: string }): Upstream | Promise<Upstream>;
}

/** Defines an instance of a provider's fake, which starts with these settings. */
export const fakeOf = (provider: Provider, settings?: Record<string, unknown>): UpstreamDefinition => ({
  hosts: [new URL(provider.origin).hostname],
  tls: true,
  settings: provider.settings,
  create: ({ seed }) => provider.create({ seed, settings }),
});

/** Returns the kinds of fault that an upstream supports, by name. */
export const faultsOf = ({ tls }: Pick<UpstreamDefinition, 'tls'>): ReadonlyMap<string, UpstreamFault> =>
  tls ? upstreamFaults : plainUpstreamFaults;
