import { Refusal } from '../../faults/base/refusal.ts';
import { upstreamFaults } from '../../faults/kinds/index.ts';
import { parseFault } from '../../faults/plan/parse-fault.ts';
import { quickOf } from '../../scenarios/lib/faults/fault-kinds.ts';
import type { Contract } from './contract.ts';
import type { Problem } from './dangling-names.ts';

/** Finds faults in a contract that the fakes would refuse (docs/faults.md lists what they accept). */
export function unusableFaults({ breakers }: Contract): Problem[] {
  return Object.entries(breakers).flatMap(([name, { failures, ignored, harmless }]) => {
    const message =
      'none of them fails a single call at once, and scenarios need one that does, such as { kind: status, status: 500 }';
    const mixed = failures.findIndex(({ kind }) => kind === 'mix');
    return [
      ...(quickOf(failures) ? [] : [{ path: ['breakers', name, 'failures'], message }]),
      ...(mixed < 0 ? [] : [{ path: ['breakers', name, 'failures', mixed], message: NO_MIX }]),
      ...Object.entries({ failures, ignored, harmless }).flatMap(([list, faults]) =>
        faults.flatMap((fault, index) => problemsOf(fault, ['breakers', name, list, index])),
      ),
    ];
  });
}

const NO_MIX = 'scenarios make a mix of all failures themselves, and none has another in it: name its members';

const isOfRequests = (kind: string): boolean => (upstreamFaults.get(kind)?.actsOn ?? 'requests') === 'requests';

/**
 * Parses a fault as scenarios set it: faults of requests for the next request, faults of the port until they are
 * healed.
 */
function problemsOf(fault: Contract['breakers'][string]['failures'][number], path: Problem['path']): Problem[] {
  try {
    parseFault(isOfRequests(fault.kind) ? { ...fault, next: 1 } : fault, upstreamFaults);
    return [];
  } catch (error) {
    if (error instanceof Refusal) return [{ path, message: error.message }];
    throw error;
  }
}
