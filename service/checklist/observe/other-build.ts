import { execFile } from 'node:child_process';
import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** The files that a stress test tests: the service and its scenarios. */
const TESTED = ['service', 'scenarios', 'package-lock.json'];

/** The commit of a run. `changed` tells whether there were uncommitted changes. */
export interface Commit {
  readonly id: string;
  readonly changed: boolean;
}

/**
 * Returns the reason why a run did not test the files of this checkout, or undefined if it did. If the run tested a
 * commit, the files must be the same as in this commit. Otherwise none may have been changed since the run started.
 * @param startedAt Start of the run in milliseconds since the epoch.
 */
export async function otherBuild(
  checkout: string,
  startedAt: number,
  commit: Commit | null,
): Promise<string | undefined> {
  const byGit = commit && !commit.changed ? await changedSince(checkout, commit.id) : undefined;
  if (byGit) return byGit.length === 0 ? undefined : `${shown(byGit)} changed since its commit`;
  const newer = await changedAfter(checkout, startedAt);
  return newer.length === 0 ? undefined : `${shown(newer)} changed after it`;
}

const shown = (files: readonly string[]): string =>
  files.length > 3 ? `${files.slice(0, 3).join(', ')} and ${files.length - 3} more` : files.join(', ');

/** Returns undefined if git does not know the commit. */
async function changedSince(checkout: string, id: string): Promise<string[] | undefined> {
  try {
    const lists = await Promise.all(
      [
        ['diff', '--name-only', '--relative', id, '--', ...TESTED],
        ['ls-files', '--others', '--exclude-standard', '--', ...TESTED],
      ].map((command) => run('git', command, { cwd: checkout })),
    );
    return lists.flatMap(({ stdout }) => stdout.split('\n').filter(Boolean));
  } catch {
    return undefined;
  }
}

async function changedAfter(checkout: string, at: number): Promise<string[]> {
  const lists = await Promise.all(TESTED.map((path) => under(checkout, path)));
  const files = lists.flat();
  const times = await Promise.all(files.map(async (file) => (await stat(join(checkout, file))).mtimeMs));
  return files.filter((_file, index) => (times[index] ?? 0) > at);
}

/** Folders are included, because deleting a file changes the folder only. */
async function under(checkout: string, path: string): Promise<string[]> {
  if (!(await stat(join(checkout, path))).isDirectory()) return [path];
  const inside = await readdir(join(checkout, path), { recursive: true });
  return [path, ...inside.map((file) => join(path, file))];
}
