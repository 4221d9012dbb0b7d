import { lstatSync, realpathSync } from 'node:fs';
import { dirname, join, relative, resolve, sep } from 'node:path';
import { z } from 'zod';
import { ProofloadError } from '../base/errors.ts';
import { commitOf, isInOwnHistory, repositoryOf } from '../gate/builds/check-out.ts';
import { findRun, type PastRun, readRun } from '../report/run-folder.ts';

// A client may follow a text that a stranger wrote, such as a page or an issue. Therefore, no argument of a tool is a
// command or names something outside the project in the working directory.

/** A text without control characters, which no name and no path needs. */
export const plain = z
  .string()
  .min(1)
  .regex(/^\P{Cc}+$/u, 'control characters are not allowed');

/** Folders in a project whose files others write. */
const FOREIGN = ['node_modules', '.git'];

/**
 * Whether a path is in the project in the working directory, also if links are followed, and not in a folder whose
 * files others write: packages, git, and results, which contain what a service says.
 */
function isOwnPath(path: string, results: string): boolean {
  try {
    const top = realpathSync('.');
    const real = realOf(resolve(path));
    const parts = relative(top, real).split(sep);
    const isForeign = parts[0] === '..' || parts.some((part) => FOREIGN.includes(part));
    return isBelow(top, real) && !isForeign && !isBelow(realOf(results), real);
  } catch {
    return false;
  }
}

/** Returns the real path of a file that may not exist yet. */
function realOf(path: string): string {
  // A link to nothing exists, but has no real path.
  if (lstatSync(path, { throwIfNoEntry: false })) return realpathSync(path);
  return join(realOf(dirname(path)), relative(dirname(path), path));
}

const isBelow = (top: string, path: string): boolean => path === top || path.startsWith(top + sep);

/** @throws ProofloadError USAGE if a path is not in the project */
export function requireOwnPath(what: string, path: string, results: string): void {
  if (isOwnPath(path, results)) return;
  throw new ProofloadError(
    'USAGE',
    `${what}: ${JSON.stringify(path)} is not in the project; allowed: a path below ${resolve('.')}, but not in ${[...FOREIGN, relative('', results)].join(', ')}, and no link that leads elsewhere`,
  );
}

/**
 * Makes sure that a build is a commit that HEAD, a local branch or a tag contains. Its commands run. A folder, or what was fetched
 * from a stranger's branch, could have any.
 *
 * @throws ProofloadError USAGE
 */
export async function requireOwnCommit(what: string, name: string): Promise<void> {
  const repository = await repositoryOf('.');
  const commit = repository === undefined ? undefined : await commitOf(repository, name);
  if (repository !== undefined && commit !== undefined && (await isInOwnHistory(repository, commit))) return;
  throw new ProofloadError(
    'USAGE',
    `${what}: ${JSON.stringify(name)} is not a commit that HEAD, a local branch or a tag of this repository contains; for another build, set AGAINST or AGAINST_RELEASE in the environment of "proofload mcp"`,
  );
}

/**
 * Reads a past run in a folder of results.
 *
 * @throws ProofloadError RUN_NOT_FOUND if there is none, or if it is elsewhere, or RUN_INVALID
 */
export async function readOwnRun(results: string, reference: string): Promise<PastRun> {
  const isOwn = (folder: string): boolean => {
    try {
      const verdict = join(folder, 'verdict.json');
      return lstatSync(verdict).isFile() && isBelow(realpathSync(results), realpathSync(verdict));
    } catch {
      return false;
    }
  };
  return readRun(results, await findRun(results, reference, isOwn));
}
