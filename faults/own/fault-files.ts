import { importModule } from '../base/import-module.ts';
import { connectionFaults } from '../connections/index.ts';
import { addUpstreamFault } from '../kinds/index.ts';
import { type UpstreamFault, upstreamFaultProblem } from '../kinds/lib/upstream-fault.ts';

const files: string[] = [];

/** The files of the kinds of faults that a team has added to this process. */
export const faultFiles: readonly string[] = files;

/**
 * Adds the kind of fault that a team's module exports by default to this process. Does nothing if it has been added
 * before.
 *
 * @param file The module's absolute path.
 * @throws RangeError if it exports none, or if there is one with this name
 * @throws The module's own error if it can't be loaded
 */
export async function addFaultFile(file: string): Promise<void> {
  if (files.includes(file)) return;
  const { default: fault } = await importModule(file);
  const problem = upstreamFaultProblem(fault);
  if (problem !== undefined) throw new RangeError(problem);
  const own = fault as UpstreamFault;
  // Scripts know faults by their names, regardless of the protocol of the upstream.
  if (connectionFaults.has(own.kind)) throw new RangeError(`there is already a fault "${own.kind}" for TCP upstreams`);
  addUpstreamFault(own);
  files.push(file);
}
