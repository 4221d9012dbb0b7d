import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Option } from 'commander';

/** The folder of the project. */
export const ROOT = fileURLToPath(new URL('../..', import.meta.url));

/** An option that an environment variable sets, too. */
export function setting(flags: string, description: string, variable: string, fallback: string): Option {
  return new Option(flags, description).env(variable).default(fallback);
}

export const resultsOption = (): Option =>
  setting('--results <folder>', 'where results go', 'RESULTS', resolve('results')).argParser((path) => resolve(path));

export const jsonOption = (): Option => new Option('--json', 'prints JSON, and nothing else');
