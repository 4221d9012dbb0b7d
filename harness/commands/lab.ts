import { Command } from 'commander';
import { print, printError } from '../base/print.ts';
import { plainLines } from '../report/live/plain-lines.ts';
import { openLab } from '../workbench/open-lab.ts';
import { interruption } from './interruption.ts';
import { type LabFlags, labOptions, runOptions } from './lab-options.ts';

/** `proofload lab`: a lab to play in, until Ctrl-C. */
export const lab = (): Command =>
  labOptions(new Command('lab'))
    .description(
      'Brings everything up and keeps it: a page to break things on, and to see what the service makes of it.',
    )
    .action(async (flags: LabFlags) => {
      // No frame: what is to be seen is on the page.
      using watcher = plainLines(printError);
      const signal = interruption(watcher);
      const given = runOptions(flags, []);
      watcher.step('bringing the lab up');
      const opened = await openLab({ ...given, runOptions: (name) => runOptions(flags, [name]) });
      print(`lab: ${opened.url}\nCtrl-C heals everything and ends it.`);
      await new Promise<void>((resolve) => {
        if (signal.aborted) resolve();
        signal.addEventListener('abort', () => resolve());
      });
      await opened[Symbol.asyncDispose]();
      print(`The lab has ended; what its scenarios came to is in ${given.results}.`);
    });
