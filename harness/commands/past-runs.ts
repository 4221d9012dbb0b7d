import { Command } from 'commander';
import { print, printJson } from '../base/print.ts';
import { compareRuns } from '../report/compare.ts';
import { RUN_NAMES, readRun } from '../report/run-folder.ts';
import { describePastRun, showComparison, showRun } from '../report/show.ts';
import { jsonOption, optionFor, resultsOption } from './options.ts';
import type { ReporterFlags } from './reporter-options.ts';

interface Flags extends ReporterFlags {
  results: string;
  json?: boolean;
}

/** Implements `proofload show`, which prints a past run. */
export const show = (): Command =>
  new Command('show')
    .argument('[run]', RUN_NAMES, 'latest')
    .addOption(resultsOption())
    .addOption(jsonOption())
    .addOption(optionFor('VERBOSE'))
    .action(async (run: string, { results, json, verbose = false }: Flags) => {
      const past = await readRun(results, run);
      if (json) printJson(past.result);
      else print(`${describePastRun(past.result)}\n${showRun(past.folder, past.result, verbose)}`);
    });

/** Implements `proofload compare`, which prints what changed between two past runs. */
export const compare = (): Command =>
  new Command('compare')
    .argument('<before>', 'the earlier run, named as for show')
    .argument('<after>', 'the later run, named as for show')
    .addOption(resultsOption())
    .addOption(jsonOption())
    .action(async (before: string, after: string, { results, json }: Flags) => {
      const [a, b] = [await readRun(results, before), await readRun(results, after)];
      if (json) printJson(compareRuns(a.result, b.result));
      else print(showComparison(a, b));
    });
