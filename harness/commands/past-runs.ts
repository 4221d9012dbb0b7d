import { print, printJson } from '../base/print.ts';
import { compareRuns } from '../report/compare.ts';
import { readRun } from '../report/run-folder.ts';
import { describePastRun, showComparison, showRun } from '../report/show.ts';

interface Flags {
  results: string;
  verbose?: boolean;
  json?: boolean;
}

/** Implements `proofload show`, which prints a past run. */
export async function showPastRun(run: string, { results, json, verbose = false }: Flags): Promise<void> {
  const past = await readRun(results, run);
  if (json) printJson(past.result);
  else print(`${describePastRun(past.result)}\n${showRun(past.folder, past.result, verbose)}`);
}

/** Implements `proofload compare`, which prints what changed between two past runs. */
export async function comparePastRuns(before: string, after: string, { results, json }: Flags): Promise<void> {
  const [a, b] = [await readRun(results, before), await readRun(results, after)];
  if (json) printJson(compareRuns(a.result, b.result));
  else print(showComparison(a, b));
}
