import { execFileSync } from 'node:child_process';
import { mkdir, mkdtemp, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { onTestFinished } from 'vitest';

/** Contents by path. */
export type Files = Readonly<Record<string, string>>;

/** Creates a folder that is removed after the test. */
export async function temporaryFolder(files: Files = {}): Promise<string> {
  const made = await realpath(await mkdtemp(join(tmpdir(), 'proofload-repository-')));
  onTestFinished(() => rm(made, { recursive: true, force: true }));
  await write(made, files);
  return made;
}

async function write(folder: string, files: Files): Promise<void> {
  for (const [path, content] of Object.entries(files)) {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), content);
  }
}

/** Creates a repository with a first commit, tagged `first`, and files that were written later. */
export async function repository(first: Files, later: Files = {}): Promise<string> {
  const top = await temporaryFolder({ '.gitignore': 'node_modules', ...first });
  const git = (...args: string[]) =>
    execFileSync('git', ['-C', top, '-c', 'user.name=a', '-c', 'user.email=a@b', ...args]);
  git('init', '--quiet');
  git('add', '.');
  git('commit', '--quiet', '--message=first');
  git('tag', 'first');
  await write(top, later);
  return top;
}

/** Returns the work trees of a repository, one per line of git. */
export const workTrees = (top: string): string[] =>
  execFileSync('git', ['-C', top, 'worktree', 'list'], { encoding: 'utf8' }).trim().split('\n');
