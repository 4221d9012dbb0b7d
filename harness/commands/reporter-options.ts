import { type Command, Option } from 'commander';
import { REPORTER_NAMES, type ReporterName } from '../report/reporters/index.ts';

export interface ReporterFlags {
  reporter?: ReporterName;
  verbose?: boolean;
}

export const verboseOption = (): Option =>
  new Option('--verbose', 'print all checks, phases and events (make: VERBOSE=1)');

/** Adds the options that control a run's output. */
export const reporterOptions = (command: Command): Command =>
  command
    .addOption(
      new Option('--reporter <name>', 'the format of the output (default: list; github in GitHub Actions)')
        .env('REPORTER')
        .choices(REPORTER_NAMES),
    )
    .addOption(verboseOption());
