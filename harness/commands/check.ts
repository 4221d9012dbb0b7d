import { Command } from 'commander';
import { check as checkRun } from '../check.ts';
import { print } from '../print.ts';
import { paint, scenarioTable } from '../report/terminal.ts';
import { EXIT_OF } from './lab-options.ts';

/** `proofload check`: judges a past run again. */
export const check = (): Command =>
  new Command('check')
    .description('Judges a past run again, from the histories that it left.')
    .argument('<folder>', 'of a run, such as results/latest, or of one of its scenarios')
    .addHelpText('after', '\nExit codes: as those of run.')
    .action(async (path: string) => {
      const { verdict, scenarios, folder, stopped } = await checkRun(path);
      for (const one of scenarios) print(scenarioTable(one, folder));
      print(`\n${paint(verdict)}${stopped === undefined ? '' : `: ${stopped}`}`);
      process.exitCode = EXIT_OF[verdict];
    });
