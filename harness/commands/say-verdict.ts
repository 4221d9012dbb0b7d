import { print } from '../base/print.ts';
import { summarize } from '../report/text/summary.ts';
import { paint } from '../report/text/terminal.ts';
import type { RunResult } from '../verdict/run-result.ts';
import { sayWhyNothingRan } from './exit-code.ts';

/**
 * Prints the last line of a run: its verdict, and how much of what was asked for it covers. Why nothing ran goes to standard error.
 *
 * @param options.quiet Without a blank line before it.
 */
export function sayVerdict(result: RunResult, { quiet = false } = {}): void {
  sayWhyNothingRan([result]);
  print(`${quiet ? '' : '\n'}${paint(result.verdict)}: ${summarize(result)}`);
}
