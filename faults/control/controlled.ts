import type { z } from 'zod';
import { Refusal } from '../base/refusal.ts';
import type { CertificateKind } from '../certificates/certificate-kinds.ts';
import type { FaultKinds } from '../kinds/lib/fault.ts';
import type { FaultPlan } from '../plan/fault-plan.ts';
import type { PlannedFault } from '../plan/planned-fault.ts';
import type { Receipts } from '../receipts/receipts.ts';
import type { Upstream } from '../upstream/upstream.ts';

/** A target that faults can act on. */
export interface FaultTarget<Target = unknown> {
  readonly plan: FaultPlan<Target>;
  /** The kinds of faults that it supports. */
  readonly kinds: FaultKinds<Target>;
  /** Heals all faults and restores the trusted certificate. Returns the faults as they were before. */
  healAll(): PlannedFault<Target>[];
}

/** An upstream as seen by the control API. */
export interface ControlledUpstream extends FaultTarget {
  /**
   * Presents this certificate in new handshakes.
   *
   * @throws Refusal `no-tls` if the upstream has no TLS
   */
  useCertificate(kind: CertificateKind): Promise<void>;
  /** The current upstream. A reset replaces it. */
  readonly current: Pick<Upstream, 'settings' | 'configure'>;
  /** The fields in its settings. */
  readonly settings: z.ZodRawShape;
}

/**
 * Everything that the control API controls: the upstreams by name, and the receipts that they share.
 */
export interface Controlled {
  readonly upstreams: ReadonlyMap<string, ControlledUpstream>;
  readonly receipts: Receipts;
  /** The CA's certificate in PEM format. */
  readonly ca: string;
  /** Restores the initial state: faults and their IDs, certificates, settings, receipts and stored data. */
  reset(): Promise<void>;
}

/**
 * Returns the upstream with the given name.
 *
 * @throws Refusal `unknown-upstream`
 */
export function upstreamOf<Upstream>(
  { upstreams }: { readonly upstreams: ReadonlyMap<string, Upstream> },
  name: string | undefined,
): Upstream {
  const upstream = upstreams.get(name ?? '');
  if (upstream) return upstream;
  throw new Refusal(
    'unknown-upstream',
    `unknown upstream "${name}"; allowed: ${[...upstreams.keys()].join(', ')}`,
    404,
  );
}
