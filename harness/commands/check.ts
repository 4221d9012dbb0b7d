import { dirname } from 'node:path';
import { Command } from 'commander';
import { print } from '../base/print.ts';
import { loadOwn } from '../project/load-own.ts';
import { showRun } from '../report/show.ts';
import { exitCodeOf } from './exit-code.ts';
import { check as checkRun } from './judge-again.ts';
import { type ContractFlags, contractFile, contractOptions, hasContract } from './lab-options.ts';
import { type ReporterFlags, verboseOption } from './reporter-options.ts';

/** Implements `proofload check`, which judges a past run again. */
export const check = (): Command =>
  contractOptions(new Command('check'))
    .argument('<folder>', 'a run, such as results/latest, or one of its scenarios')
    .addOption(verboseOption())
    .addHelpText('after', '\nExit codes: the same as for run.')
    .action(async (path: string, { verbose = false, ...flags }: ReporterFlags & ContractFlags) => {
      // A team's own checks are beside its contract.
      if (hasContract(flags)) await loadOwn(dirname(contractFile(flags)));
      const checked = await checkRun(path);
      print(showRun(checked.folder, checked, verbose));
      process.exitCode = exitCodeOf(checked.verdict, [checked]);
    });
