import { Refusal } from '../../faults/base/refusal.ts';
import { faultsOf } from '../../faults/fakes/upstream-definition.ts';
import type { FaultKinds } from '../../faults/kinds/lib/fault.ts';
import { parseFault } from '../../faults/plan/parse-fault.ts';
import type { DeclaredUpstream } from '../../mocks/declared-upstream.ts';
import type { Contract } from './contract.ts';
import type { Problem } from './dangling-names.ts';
import { faultNamed, type NamedFault } from './schema/on-fault.ts';

/** Finds promises about failing upstreams that no upstream of the endpoint can put to the test. */
export function unusablePromises({ endpoints, upstreams }: Contract): Problem[] {
  return Object.entries(endpoints).flatMap(([name, { onFault, stream, reaches }]) => {
    const path = ['endpoints', name, 'onFault'];
    const names = Object.keys(onFault);
    const declared = reaches.flatMap((upstream) => upstreams[upstream] ?? []).filter((one) => !('tcp' in one));
    if (declared.length === 0) {
      const promised = [...(names.length > 0 ? ['onFault'] : []), ...(stream ? ['stream'] : [])];
      return promised.map((promise) => ({ path: ['endpoints', name, promise], message: NO_UPSTREAM }));
    }
    return names.flatMap((fault) => unusableFault([...path, fault], fault, declared));
  });
}

/** Returns a problem if the name alone does not describe a fault that each of these upstreams can have. */
export function unusableFault(path: Problem['path'], fault: string, upstreams: readonly DeclaredUpstream[]): Problem[] {
  const unusable = upstreams.map(faultsOf).find((kinds) => !isUsable(faultNamed(fault), kinds));
  return unusable ? [{ path, message: messageFor(fault, unusable) }] : [];
}

const NO_UPSTREAM = 'it reaches no HTTP upstream; list one in `reaches`';

/** Whether the name alone describes a fault of one of these kinds. */
function isUsable(fault: NamedFault, kinds: FaultKinds<never>): boolean {
  try {
    parseFault(fault, kinds);
    return true;
  } catch (error) {
    if (error instanceof Refusal) return false;
    throw error;
  }
}

function messageFor(fault: string, kinds: FaultKinds<never>): string {
  const allowed = [...kinds.keys()].filter((kind) => isUsable({ kind }, kinds)).join(', ');
  return `"${fault}" can't be used: it is unknown, or needs further fields; allowed: a status from 400 to 599, ${allowed}`;
}
