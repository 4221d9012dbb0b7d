import { readFileSync, statSync } from 'node:fs';
import { basename } from 'node:path';
import type { ContractFile } from '../contract/contract.ts';
import { optional, setting, text } from './answers.ts';
import type { Ask } from './question.ts';

/** A configuration file that the lab writes, and how the service finds it. */
export interface Files {
  command: string;
  environment: Record<string, string>;
  files: NonNullable<ContractFile['files']>;
}

const existing = text.refine(
  (path) => statSync(path, { throwIfNoEntry: false })?.isFile() === true,
  'a file that exists, such as ./config.yaml',
);

/**
 * Asks about the service's configuration file, and copies it into the contract, so that each process has its own. The
 * service finds it by its command or by a setting.
 *
 * @param command The command as entered. In the result, it contains the path of the copy.
 */
export async function askFiles(ask: Ask, command: string): Promise<Files> {
  const path = await ask({
    name: 'configFile',
    ask: 'Which configuration file does it read, or none? (It is copied into the contract, so it must not have secrets)',
    ...optional(existing),
    isRare: true,
    about: 'a configuration file',
  });
  if (path === undefined) return { command, environment: {}, files: {} };
  const name = basename(path);
  const copy = `\${folder}/${name}`;
  const files = { [name]: readFileSync(path, 'utf8').replaceAll('${', () => '$${') };
  const words = command.split(/\s+/).map((word) => (isAt(word, path) ? word.slice(0, -path.length) + copy : word));
  if (words.some((word) => isAt(word, copy))) return { command: words.join(' '), environment: {}, files };
  const variable = await ask({
    name: 'configSetting',
    ask: 'Which environment variable holds its path?',
    usual: 'CONFIG_FILE',
    answer: setting,
  });
  return { command, environment: { [variable]: copy }, files };
}

/** Whether an argument is this path, or sets an option to it. */
const isAt = (word: string, path: string): boolean => word === path || word.endsWith(`=${path}`);
