import { dirname } from 'node:path';
import { Command } from 'commander';
import { print } from '../base/print.ts';
import { loadOwn } from '../project/load-own.ts';
import { RUN_NAMES } from '../report/run-folder.ts';
import { showRun } from '../report/show.ts';
import { exitCodeOf } from './exit-code.ts';
import { check as checkRun } from './judge-again.ts';
import { type ContractFlags, contractFile, contractOptions, hasContract } from './lab-options.ts';
import { optionFor, resultsOption } from './options.ts';
import type { ReporterFlags } from './reporter-options.ts';

interface Flags extends ReporterFlags, ContractFlags {
  results: string;
}

/** Implements `proofload check`, which judges a past run again. */
export const check = (): Command =>
  contractOptions(new Command('check'))
    .argument('[run]', `${RUN_NAMES}; also a scenario of it, such as latest/chaos-impostor`, 'latest')
    .addOption(resultsOption())
    .addOption(optionFor('VERBOSE'))
    .addHelpText('after', '\nExit codes: the same as for run.')
    .action(async (run: string, { verbose = false, results, ...flags }: Flags) => {
      // A team's own checks are next to its contract.
      if (hasContract(flags)) await loadOwn(dirname(contractFile(flags)));
      const checked = await checkRun(results, run);
      print(showRun(checked.folder, checked, verbose));
      process.exitCode = exitCodeOf(checked.verdict, [checked]);
    });
