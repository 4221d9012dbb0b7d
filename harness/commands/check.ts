import { Command } from 'commander';
import { print } from '../base/print.ts';
import { showRun } from '../report/show.ts';
import { exitCodeOf } from './exit-code.ts';
import { check as checkRun } from './judge-again.ts';
import { type ReporterFlags, verboseOption } from './reporter-options.ts';

/** Implements `proofload check`, which judges a past run again. */
export const check = (): Command =>
  new Command('check')
    .description('Judge a past run again, from the histories that it left.')
    .argument('<folder>', 'a run, such as results/latest, or one of its scenarios')
    .addOption(verboseOption())
    .addHelpText('after', '\nExit codes: those of run.')
    .action(async (path: string, { verbose = false }: ReporterFlags) => {
      const checked = await checkRun(path);
      print(showRun(checked.folder, checked, verbose));
      process.exitCode = exitCodeOf(checked.verdict, [checked]);
    });
