import { upstreamFaults } from '../../mocks/faults/index.ts';
import { parseFault } from '../../mocks/parse-fault.ts';
import { Refusal } from '../../mocks/refusal.ts';
import type { Contract } from '../contract.ts';
import type { Problem } from './dangling-names.ts';

/** Faults of a contract's breakers that the fakes would refuse, and why: what they accept is in mocks/README.md. */
export function unusableFaults({ breakers }: Contract): Problem[] {
  return Object.entries(breakers).flatMap(([name, { failures, ignored, harmless }]) =>
    Object.entries({ failures, ignored, harmless }).flatMap(([list, faults]) =>
      faults.flatMap((fault, index) => {
        const message = problemOf(fault);
        return message === undefined ? [] : [{ path: ['breakers', name, list, index], message }];
      }),
    ),
  );
}

function problemOf(fault: unknown): string | undefined {
  try {
    parseFault(fault, upstreamFaults);
    return undefined;
  } catch (error) {
    if (error instanceof Refusal) return error.message;
    throw error;
  }
}
