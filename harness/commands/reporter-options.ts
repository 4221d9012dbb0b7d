import type { Command } from 'commander';
import type { ReporterName } from '../report/reporters/index.ts';
import { optionFor } from './options.ts';

export interface ReporterFlags {
  reporter?: ReporterName;
  verbose?: boolean;
}

/** Adds the options that control a run's output. */
export const reporterOptions = (command: Command): Command =>
  command.addOption(optionFor('REPORTER')).addOption(optionFor('VERBOSE'));
