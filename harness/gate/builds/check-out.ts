import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { promisify } from 'node:util';
import { messageOf, ProofloadError } from '../../base/errors.ts';
import type { Reaper } from '../../process/reaper.ts';

const run = promisify(execFile);

/** The names of the folders of work trees. Those of gates that were killed are removed by the next one. */
const PREFIX = 'proofload-against-';

/** Runs git in a folder, and returns its output. */
async function git(folder: string, ...args: string[]): Promise<string> {
  const { stdout } = await run('git', ['-C', folder, ...args]);
  return stdout.trim();
}

/** Returns the top folder of the git repository that contains a folder, or undefined if there is none. */
export const repositoryOf = (folder: string): Promise<string | undefined> =>
  git(folder, 'rev-parse', '--show-toplevel').catch(() => undefined);

/** Returns the full hash of the commit that a branch, tag or hash names, or undefined if there is none. */
export const commitOf = (repository: string, name: string): Promise<string | undefined> =>
  git(repository, 'rev-parse', '--verify', '--quiet', '--end-of-options', `${name}^{commit}`).catch(() => undefined);

/** Returns the full hash of the last commit that HEAD and a branch have in common, or undefined if there is none. */
export const mergeBaseOf = (repository: string, branch: string): Promise<string | undefined> =>
  git(repository, 'merge-base', '--end-of-options', 'HEAD', branch).catch(() => undefined);

/** Whether HEAD, a local branch or a tag contains a commit, given by its full hash. */
export async function isInOwnHistory(repository: string, commit: string): Promise<boolean> {
  const isOfHead = git(repository, 'merge-base', '--is-ancestor', commit, 'HEAD').then(
    () => true,
    () => false,
  );
  if (await isOfHead) return true;
  const refs = ['refs/heads', 'refs/tags'];
  const found = await git(repository, 'for-each-ref', '--count=1', '--contains', commit, ...refs).catch(() => '');
  return found !== '';
}

/** Whether older commits of a repository were not fetched (a shallow clone). */
export const withoutHistory = (repository: string): Promise<boolean> =>
  git(repository, 'rev-parse', '--is-shallow-repository').then(
    (answer) => answer === 'true',
    () => false,
  );

/** The cause, and the setting that fixes it. */
export const NO_HISTORY = 'is not checked out (actions/checkout: fetch-depth: 0; GitLab: GIT_DEPTH: 0)';

/**
 * Checks a commit out into a new temporary folder (a git work tree). Disposing of it removes the folder. The reaper
 * removes it if the harness is killed.
 *
 * @param commit The full hash.
 * @throws ProofloadError BUILD_NOT_READY
 */
export async function checkOut(
  repository: string,
  commit: string,
  reaper: Reaper,
): Promise<{ path: string } & AsyncDisposable> {
  await removeLeftOvers(repository);
  const path = await mkdtemp(join(tmpdir(), PREFIX));
  reaper.rememberFolder(path);
  const remove = async () => {
    await git(repository, 'worktree', 'remove', '--force', path).catch(() => {});
    await rm(path, { recursive: true, force: true });
    reaper.forgetFolder(path);
  };
  try {
    // Hooks of the repository could install something or ask for input.
    await git(repository, '-c', 'core.hooksPath=/dev/null', 'worktree', 'add', '--detach', '--quiet', path, commit);
  } catch (error) {
    await remove();
    throw new ProofloadError('BUILD_NOT_READY', `commit ${commit} can't be checked out: ${messageOf(error)}`, {
      cause: error,
    });
  }
  return { path, [Symbol.asyncDispose]: remove };
}

/** Makes git forget the work trees of gates that were killed. The reaper has removed their folders. */
async function removeLeftOvers(repository: string): Promise<void> {
  const listed = await git(repository, 'worktree', 'list', '--porcelain').catch(() => '');
  const paths = [...listed.matchAll(/^worktree (.+)$/gm)].map(([, path = '']) => path);
  for (const path of paths) {
    if (!basename(path).startsWith(PREFIX) || existsSync(path)) continue;
    await git(repository, 'worktree', 'remove', '--force', path).catch(() => {});
  }
}
