import { existsSync } from 'node:fs';
import { join } from 'node:path';

/** The names of a contract that all commands find by themselves. `proofload init` writes the first. */
export const CONTRACT_NAMES = ['proofload.yaml', 'proofload.config.ts', 'proofload.config.js'] as const;

/** Returns the names of the contracts in a folder. */
export const contractsIn = (folder: string): string[] =>
  CONTRACT_NAMES.filter((name) => existsSync(join(folder, name)));
