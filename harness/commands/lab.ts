import { once } from 'node:events';
import { Command } from 'commander';
import { print, printError } from '../base/print.ts';
import { openLab } from '../workbench/open-lab.ts';
import { interruption } from './interruption.ts';
import { type LabFlags, labOptions, runOptions } from './lab-options.ts';

/** Implements `proofload lab`, which opens the workbench until Ctrl-C is pressed. */
export const lab = (): Command =>
  labOptions(new Command('lab')).action(async (flags: LabFlags) => {
    const signal = interruption(printError);
    const given = runOptions(flags, []);
    printError('starting the lab');
    const opened = await openLab({ ...given, runOptions: (name) => runOptions(flags, [name]) });
    if (!signal.aborted) {
      print(`lab: ${opened.url}\nPress Ctrl-C to heal everything and end the lab.`);
      await once(signal, 'abort');
    }
    await opened[Symbol.asyncDispose]();
    print(`The lab has ended. The results of its scenarios are in ${given.results}.`);
  });
