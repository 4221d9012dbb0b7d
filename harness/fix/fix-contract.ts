import { readFile, realpath, rename, rm, stat, writeFile } from 'node:fs/promises';
import { basename, dirname, extname, join } from 'node:path';
import { messageOf } from '../base/errors.ts';
import { loadContract } from '../contract/load.ts';
import type { Change } from '../verdict/finding.ts';
import { editYaml } from './edit-yaml.ts';

/** The outcome of the changes of a contract. */
export interface Fixed {
  /** The lines that were written, as a diff. */
  readonly diff: readonly string[];
  /** The changes that were not written, with the reason. */
  readonly left: readonly { readonly change: Change; readonly why: string }[];
}

/** A change can't be made by an edit in one place. */
const SHARED = 'the line is shared, contains a comment, or is the only line of its section';

/**
 * Writes changes to a contract in YAML or JSON, and keeps the rest of the file. Skips a change that would make the
 * contract invalid. Replaces the file atomically, so that it is always valid.
 *
 * @param path A contract. A module is not changed, because it is code.
 */
export async function fixContract(path: string, changes: readonly Change[]): Promise<Fixed> {
  const extension = extname(path);
  if (!/^\.(ya?ml|json)$/.test(extension)) {
    const why = `${basename(path)} is code, which only you can change safely`;
    return { diff: [], left: changes.map((change) => ({ change, why })) };
  }
  const file = await realpath(path);
  const candidate = join(dirname(path), `.${basename(path, extension)}-${process.pid}${extension}`);
  const next = `${file}-${process.pid}`;
  const left: { change: Change; why: string }[] = [];
  const diff: string[] = [];
  const before = await readFile(file, 'utf8');
  let text = before;
  try {
    for (const change of changes) {
      const edited = editYaml(text, change, extension === '.json');
      const why = edited === undefined ? SHARED : await problemOf(candidate, edited);
      if (edited === undefined || why !== undefined) {
        left.push({ change, why: why ?? SHARED });
        continue;
      }
      diff.push(...diffOf(text, edited));
      text = edited;
    }
    if (text !== before) {
      await writeFile(next, text, { mode: (await stat(file)).mode });
      await rename(next, file);
    }
  } finally {
    for (const copy of [candidate, next]) await rm(copy, { force: true });
  }
  return { diff, left };
}

/**
 * Returns why a contract is not valid, or undefined if it is. It is written to the same folder, so that relative paths
 * work.
 */
async function problemOf(candidate: string, text: string): Promise<string | undefined> {
  await writeFile(candidate, text);
  try {
    await loadContract(candidate);
    return undefined;
  } catch (error) {
    const [, first = messageOf(error)] = messageOf(error).split('\n');
    return `the contract would not be valid: ${first.replace(/^✖ \S+:(?=\d)/, '✖ line ')}`;
  }
}

/** Returns the lines between the first and the last that differ, with their numbers: "-" removed, "+" written. */
export function diffOf(before: string, after: string): string[] {
  const [old, now] = [before.split('\n'), after.split('\n')];
  const differs = (line: string | undefined, index: number) => line !== now[index];
  const first = old.findIndex(differs);
  const from = first === -1 ? old.length : first;
  let same = 0;
  const most = Math.min(old.length, now.length) - from;
  while (same < most && old.at(-1 - same) === now.at(-1 - same)) same += 1;
  const lines = (sign: string, all: readonly string[]) =>
    all.slice(from, all.length - same).map((line, index) => `${sign} ${from + index + 1}: ${line}`);
  return [...lines('-', old), ...lines('+', now)];
}
