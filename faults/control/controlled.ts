import type { z } from 'zod';
import { Refusal } from '../base/refusal.ts';
import type { FaultKinds } from '../kinds/fault.ts';
import type { FaultPlan } from '../plan/fault-plan.ts';
import type { PlannedFault } from '../plan/planned-fault.ts';
import type { Receipts } from '../receipts/receipts.ts';
import type { UpstreamServer } from '../server/server.ts';
import type { Upstream } from '../upstream/upstream.ts';
import type { Timeline } from './timeline.ts';

/** What faults can be injected into. */
export interface FaultTarget<Target = unknown> {
  readonly plan: FaultPlan<Target>;
  /** The kinds of fault that it can have. */
  readonly kinds: FaultKinds<Target>;
  /** Takes every fault away, and whatever else makes it fail; returns the faults as they were. */
  healAll(): PlannedFault<Target>[];
}

/** One upstream, as far as it is controlled. */
export interface ControlledUpstream extends FaultTarget {
  readonly server: Pick<UpstreamServer, 'useCertificate'>;
  /** The upstream as it is now. */
  readonly current: Upstream;
  /** What can be set of it. */
  readonly settings: z.ZodRawShape;
}

/** What the control API controls: the upstreams by name, and the receipts and the plan of all of them. */
export interface Controlled {
  readonly upstreams: ReadonlyMap<string, ControlledUpstream>;
  readonly receipts: Receipts;
  readonly timeline: Timeline;
  /** The CA's certificate in PEM. */
  readonly ca: string;
  /** Brings everything to where it was at the start: faults and their ids, certificates, receipts, what handlers remember. */
  reset(): Promise<void>;
}

/** The upstream of that name. @throws Refusal `unknown-upstream` */
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
