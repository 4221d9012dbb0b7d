import { dirname } from 'node:path';
import { print } from '../base/print.ts';
import { loadOwn } from '../project/load-own.ts';
import { showRun } from '../report/show.ts';
import { exitCodeOf } from './exit-code.ts';
import { check as checkRun } from './judge-again.ts';
import { type ContractFlags, contractFile, hasContract } from './lab-options.ts';
import type { ReporterFlags } from './reporter-options.ts';

interface Flags extends ReporterFlags, ContractFlags {
  results: string;
}

/** Implements `proofload check`, which judges a past run again. */
export async function judgePastRun(run: string, { verbose = false, results, ...flags }: Flags): Promise<void> {
  // A team's own checks are next to its contract.
  if (hasContract(flags)) await loadOwn(dirname(contractFile(flags)));
  const checked = await checkRun(results, run);
  print(showRun(checked.folder, checked, verbose));
  process.exitCode = exitCodeOf(checked.verdict, [checked]);
}
