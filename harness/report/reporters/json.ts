import type { RunResult } from '../../verdict/run-result.ts';
import { type Reporter, SILENT } from './reporter.ts';

export interface JsonOptions {
  /** Writes a value to standard output as JSON. */
  printJson: (value: unknown) => void;
  /** Writes to standard error. */
  printError: (text: string) => void;
}

/** Prints a single JSON document: a run's verdict (verdict.json), or the counts for all repeats. */
export function jsonReporter({ printJson, printError }: JsonOptions): Reporter {
  let isRepeated = false;
  const printResult = (result: RunResult): void => {
    if (!isRepeated) printJson(result);
  };
  return {
    ...SILENT,
    note: printError,
    runBegins({ repetition }) {
      isRepeated = repetition !== undefined;
    },
    runEnds: printResult,
    runInterrupted: printResult,
    unwritten: printError,
    repeatsEnd: printJson,
  };
}
