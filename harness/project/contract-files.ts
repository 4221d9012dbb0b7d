import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { CONTRACT_NAMES } from '../base/settings.ts';

export const contractsIn = (folder: string): string[] =>
  CONTRACT_NAMES.filter((name) => existsSync(join(folder, name)));
