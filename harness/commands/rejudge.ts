import { dirname } from 'node:path';
import { print, printJson } from '../base/print.ts';
import { loadOwn } from '../project/load-own.ts';
import { showRun } from '../report/show.ts';
import { exitCodeOf } from './exit-code.ts';
import { type ContractFlags, contractFile, hasContract } from './lab-options.ts';
import { rejudge } from './rejudge-run.ts';

interface Flags extends ContractFlags {
  results: string;
  verbose?: boolean;
  json?: boolean;
}

/** Implements `proofload rejudge`, which judges a past run again. */
export async function judgePastRun(
  run: string,
  { verbose = false, json = false, results, ...flags }: Flags,
): Promise<void> {
  // A team's own checks are next to its contract.
  if (hasContract(flags)) await loadOwn(dirname(contractFile(flags)));
  const checked = await rejudge(results, run);
  if (json) {
    const { folder: _, ...judged } = checked;
    printJson(judged);
  } else print(showRun(checked.folder, checked, verbose));
  process.exitCode = exitCodeOf(checked.verdict, [checked]);
}
