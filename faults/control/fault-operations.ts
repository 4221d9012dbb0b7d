import { z } from 'zod';
import { Refusal } from '../base/refusal.ts';
import type { FaultKinds } from '../kinds/lib/fault.ts';
import { parseChange, parseFault } from '../plan/parse-fault.ts';
import type { PlannedFault } from '../plan/planned-fault.ts';
import { scopeFieldsOf } from '../scope/scope.ts';
import { type FaultTarget, upstreamOf } from './controlled.ts';
import { describeFault } from './describe-fault.ts';
import type { Operation } from './operation.ts';

const FAULTS = '/upstreams/:upstream/faults';
const FAULT = `${FAULTS}/:id`;

export const faultOperations = (controlled: { readonly upstreams: ReadonlyMap<string, FaultTarget> }): Operation[] => [
  {
    method: 'post',
    path: FAULTS,
    does: 'adds a fault',
    status: 201,
    body: faultSchema(...new Set([...controlled.upstreams.values()].map(({ kinds }) => kinds))),
    prepare({ params, body }) {
      const { plan, kinds } = upstreamOf(controlled, params.upstream);
      const specification = parseFault(body, kinds);
      return async () => {
        const fault = plan.add(specification);
        await refuseFailed(fault, () => plan.heal(fault.id));
        return describeFault(fault);
      };
    },
  },
  {
    method: 'get',
    path: FAULTS,
    does: 'lists the waiting, active and spent faults, with their counts',
    prepare({ params }) {
      const { plan } = upstreamOf(controlled, params.upstream);
      return () => ({ faults: plan.list().map(describeFault) });
    },
  },
  {
    method: 'patch',
    path: FAULT,
    does: 'changes fields of a fault; null removes a field. A changed scope starts again, the counts continue',
    body: z.looseObject({}),
    prepare({ params, body }) {
      const upstream = upstreamOf(controlled, params.upstream);
      return async () => {
        const fault = faultOf(upstream, params.id);
        upstream.plan.change(fault, parseChange(fault.specification, body, upstream.kinds));
        await fault.settled();
        await refuseFailed(fault);
        return describeFault(fault);
      };
    },
  },
  {
    method: 'delete',
    path: FAULT,
    does: 'heals one fault',
    prepare({ params }) {
      const upstream = upstreamOf(controlled, params.upstream);
      return () => {
        const fault = faultOf(upstream, params.id);
        upstream.plan.heal(fault.id);
        return tellHealed([fault]);
      };
    },
  },
  {
    method: 'delete',
    path: FAULTS,
    does: 'heals all faults of an upstream',
    prepare({ params }) {
      const { plan } = upstreamOf(controlled, params.upstream);
      return () => tellHealed(plan.healAll());
    },
  },
  {
    method: 'delete',
    path: '/faults',
    does: 'heals all faults of all upstreams, and restores their certificates',
    prepare: () => () => tellHealed([...controlled.upstreams.values()].flatMap((upstream) => upstream.healAll())),
  },
];

function faultOf({ plan }: FaultTarget, id: string | undefined): PlannedFault<unknown> {
  const fault = plan.find(id ?? '');
  if (fault) return fault;
  const known = plan.list().map((other) => other.id);
  const allowed = known.join(', ') || 'none, the upstream has no fault';
  throw new Refusal('unknown-fault', `unknown fault "${id}"; allowed: ${allowed}`, 404);
}

/**
 * Waits until a fault is active on its target. If it fails to start, calls `undo`.
 *
 * @throws Refusal `fault-failed`
 */
async function refuseFailed(fault: PlannedFault<unknown>, undo?: () => void): Promise<void> {
  try {
    await fault.engaged();
  } catch (error) {
    undo?.();
    if (error instanceof Refusal) throw error;
    const problem = error instanceof Error ? error.message : String(error);
    throw new Refusal('fault-failed', `fault "${fault.specification.kind}" could not start: ${problem}`, 409);
  }
}

/**
 * Resolves when the faults' effects have been undone, for example when a port that refused connections is listening
 * again.
 */
async function tellHealed(faults: PlannedFault<unknown>[]) {
  await Promise.all(faults.map((fault) => fault.settled()));
  return { healed: faults.map(describeFault) };
}

/**
 * Returns a schema for faults with one alternative per kind. It is used only for documentation, because `parseFault`
 * does the validation.
 */
const faultSchema = (...targets: FaultKinds<unknown>[]): z.ZodType =>
  z.union(
    targets.flatMap((kinds) =>
      [...kinds.values()].map((kind) =>
        z.strictObject({ kind: z.literal(kind.kind), ...kind.fields, ...scopeFieldsOf(kind) }),
      ),
    ),
  );
