import { EXIT } from '../../harness/base/errors.ts';

/** Prints what is wrong with the settings of a command, and ends the process. */
export function usage(problem: string): never {
  console.error(problem);
  process.exit(EXIT.usage);
}
