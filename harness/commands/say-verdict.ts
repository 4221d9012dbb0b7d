import { print } from '../print.ts';
import type { RunResult } from '../report/run-result.ts';
import { summarize } from '../report/summary.ts';
import { paint } from '../report/terminal.ts';
import { sayWhyNothingRan } from './exit-code.ts';

/** Prints the last line of a run: its verdict, and how much of what was asked for it covers. Why nothing ran goes to standard error. */
export function sayVerdict(result: RunResult): void {
  sayWhyNothingRan([result]);
  print(`\n${paint(result.verdict)}: ${summarize(result)}`);
}
