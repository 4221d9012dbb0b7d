import { EXIT } from '../../harness/base/errors.ts';

/** Prints what is wrong with the settings of a command, and ends the process. */
export function usage(problem: string): never {
  console.error(problem);
  process.exit(EXIT.usage);
}

/** Returns the whole number in an environment variable, or `usual` if it is not set. Any other text ends the process. */
export function wholeNumber(name: string, usual: number): number {
  const text = process.env[name] || String(usual);
  if (/^\d+$/.test(text)) return Number(text);
  return usage(`${name}=${text}: allowed: any whole number from 0`);
}
