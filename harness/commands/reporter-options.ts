import type { Command } from 'commander';
import { jsonOption, optionFor } from './options.ts';

/** Adds the options that control a run's output. */
export const reporterOptions = (command: Command): Command =>
  command.addOption(optionFor('REPORTER')).addOption(optionFor('VERBOSE')).addOption(jsonOption());
