import { execFileSync } from 'node:child_process';
import { type Files, temporaryFolder, writeFiles } from '../../../support/temporary-folder.ts';

/** Creates a repository with a first commit, tagged `first`, and files that were written later. */
export async function repository(first: Files, later: Files = {}): Promise<string> {
  const top = await temporaryFolder({ '.gitignore': 'node_modules', ...first });
  const git = (...args: string[]) =>
    execFileSync('git', ['-C', top, '-c', 'user.name=a', '-c', 'user.email=a@b', ...args]);
  git('init', '--quiet');
  git('add', '.');
  git('commit', '--quiet', '--message=first');
  git('tag', 'first');
  await writeFiles(top, later);
  return top;
}

/** Returns the work trees of a repository, one per line of git. */
export const workTrees = (top: string): string[] =>
  execFileSync('git', ['-C', top, 'worktree', 'list'], { encoding: 'utf8' }).trim().split('\n');
