import { EXIT, withOutput } from '../base/errors.ts';
import { printError } from '../base/print.ts';
import { appendToJobSummary, errorSummary } from '../report/job-summary.ts';
import type { Verdict } from '../verdict/finding.ts';
import type { RunResult } from '../verdict/run-result.ts';

/** The exit code for each verdict. */
export const EXIT_OF = { PASS: EXIT.pass, FAIL: EXIT.fail, INCONCLUSIVE: EXIT.inconclusive } as const;

type Ran = Pick<RunResult, 'scenarios'>;

/**
 * Returns the full reason why the lab could not set up any scenario. Returns undefined if it could set up at least one,
 * or if there were none to run.
 */
export function whyNothingRan(results: readonly Ran[]): string | undefined {
  const scenarios = results.flatMap((result) => result.scenarios);
  const [first] = scenarios;
  if (!first || scenarios.some(({ notRun }) => notRun === undefined)) return undefined;
  const output = first.findings.flatMap(({ evidence = [] }) => evidence);
  return withOutput(first.notRun ?? '', output);
}

/** Returns the exit code for one or more runs with a common verdict. It is 1 if nothing could be set up. */
export const exitCodeOf = (verdict: Verdict, results: readonly Ran[]): number =>
  whyNothingRan(results) === undefined ? EXIT_OF[verdict] : EXIT.labFailed;

/** If nothing ran, prints the reason to standard error, and adds it to the job summary of GitHub Actions. */
export function sayWhyNothingRan(results: readonly Ran[]): void {
  const why = whyNothingRan(results);
  if (why === undefined) return;
  printError(why);
  appendToJobSummary(errorSummary(why));
}
