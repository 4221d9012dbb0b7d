import { Command } from 'commander';
import { print } from '../base/print.ts';
import { notJudgedList } from '../report/text/not-judged-list.ts';
import { summarize } from '../report/text/summary.ts';
import { paint, scenarioTable } from '../report/text/terminal.ts';
import { exitCodeOf } from './exit-code.ts';
import { check as checkRun } from './judge-again.ts';

/** `proofload check`: judges a past run again. */
export const check = (): Command =>
  new Command('check')
    .description('Judges a past run again, from the histories that it left.')
    .argument('<folder>', 'of a run, such as results/latest, or of one of its scenarios')
    .addHelpText('after', '\nExit codes: as those of run.')
    .action(async (path: string) => {
      const checked = await checkRun(path);
      for (const one of checked.scenarios) print(scenarioTable(one, checked.folder));
      const unjudged = notJudgedList(checked);
      if (unjudged !== '') print(`\n${unjudged}`);
      print(`\n${paint(checked.verdict)}: ${summarize(checked)}`);
      process.exitCode = exitCodeOf(checked.verdict, [checked]);
    });
