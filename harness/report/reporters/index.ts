import { print, printCommand, printError, printJson } from '../../base/print.ts';
import type { SETTINGS } from '../../base/settings.ts';
import type { Display } from '../live/display.ts';
import { frame, oneLine } from '../live/frame.ts';
import { LiveView } from '../live/live-view.ts';
import { neverSilent, plainLines, stepLines } from '../live/plain-lines.ts';
import { githubReporter } from './github.ts';
import { jsonReporter } from './json.ts';
import { listReporter } from './list.ts';
import type { Reporter } from './reporter.ts';

type ReporterName = (typeof SETTINGS.REPORTER.choices)[number];

/** All reporters by name. The argument determines whether to print all checks. */
const REPORTERS = {
  list: (verbose: boolean) => listReporter({ print, verbose, display: displayOf(frame, verbose) }),
  line: (verbose: boolean) => {
    return listReporter({ print, verbose, onlyProblems: true, display: displayOf(oneLine, verbose) });
  },
  github: (verbose: boolean) => githubReporter({ print, printCommand, display: displayOf(frame, verbose) }),
} satisfies Record<ReporterName, (verbose: boolean) => Reporter>;

/** How a command reports. */
export interface ReporterFlags {
  reporter?: ReporterName;
  verbose?: boolean;
  /** Whether it only prints JSON. */
  json?: boolean;
}

/** Creates the reporter for a command. Defaults to `github` in GitHub Actions and to `list` otherwise. */
export function createReporter({ reporter, verbose = false, json = false }: ReporterFlags): Reporter {
  if (json) return jsonReporter({ printJson, printError });
  return REPORTERS[reporter ?? (process.env.GITHUB_ACTIONS ? 'github' : 'list')](verbose);
}

/**
 * Returns the progress of a command that runs scenarios in addition to its own work: a live line if standard error is a
 * terminal, otherwise a line for each step, scenario, and at most every 5 s for what happens in it.
 */
export const progressOf = (): Display =>
  process.stderr.isTTY
    ? new LiveView(process.stderr, oneLine)
    : neverSilent((write) => plainLines(write, PLAIN_SECONDS), printError);

const PLAIN_SECONDS = 5;

/**
 * Returns the progress of a command that prints its own lines: its current step is shown in a live line, or, if standard
 * error is no terminal, after 10 s without a line. Call `clear` before each line.
 */
export const backgroundProgress = (): Display =>
  process.stderr.isTTY
    ? new LiveView(process.stderr, oneLine)
    : neverSilent((write) => ({ ...stepLines(write), step() {} }), printError);

/**
 * Returns a live view if standard error is a terminal. Otherwise prints steps, notes, and at least every 10 s what is
 * running, and also phases if `verbose` is set.
 */
function displayOf(render: typeof frame, verbose: boolean): Display {
  if (process.stderr.isTTY) return new LiveView(process.stderr, render);
  return neverSilent(verbose ? plainLines : stepLines, printError);
}
