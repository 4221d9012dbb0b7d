import { type Reporter, SILENT } from './reporter.ts';

export interface JsonOptions {
  /** Writes a value as JSON to standard output. */
  printJson: (value: unknown) => void;
  /** Writes to standard error. */
  printError: (text: string) => void;
}

/** Prints one JSON document: the verdict of a run (verdict.json), or the counts of all repeats. */
export function jsonReporter({ printJson, printError }: JsonOptions): Reporter {
  let isRepeated = false;
  return {
    ...SILENT,
    note: printError,
    runBegins({ repetition }) {
      isRepeated = repetition !== undefined;
    },
    runEnds(result) {
      if (!isRepeated) printJson(result);
    },
    repeatsEnd: printJson,
  };
}
