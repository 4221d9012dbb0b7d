import { EXIT } from '../base/errors.ts';
import { printError } from '../base/print.ts';
import type { Verdict } from '../verdict/finding.ts';
import type { RunResult } from '../verdict/run-result.ts';

/** The exit code of a verdict. */
export const EXIT_OF = { PASS: EXIT.pass, FAIL: EXIT.fail, INCONCLUSIVE: EXIT.inconclusive } as const;

type Ran = Pick<RunResult, 'scenarios'>;

/** Why the lab could not set up any of the scenarios, in full; undefined if it could set up one, or none was to be run. */
export function whyNothingRan(results: readonly Ran[]): string | undefined {
  const scenarios = results.flatMap((one) => one.scenarios);
  const [first] = scenarios;
  if (!first || scenarios.some(({ notRun }) => notRun === undefined)) return undefined;
  const output = first.findings.flatMap(({ evidence = [] }) => evidence);
  return [`${first.notRun}${output.length > 0 ? '; its output:' : ''}`, ...output].join('\n');
}

/** The exit code of one or more runs that came to a verdict together: 1 if nothing could be set up. */
export const exitCodeOf = (verdict: Verdict, results: readonly Ran[]): number =>
  whyNothingRan(results) === undefined ? EXIT_OF[verdict] : EXIT.labFailed;

/** Says on standard error why nothing ran, if that is so. */
export function sayWhyNothingRan(results: readonly Ran[]): void {
  const why = whyNothingRan(results);
  if (why !== undefined) printError(why);
}
