import { existsSync } from 'node:fs';
import { readdir, readFile, readlink, realpath, symlink } from 'node:fs/promises';
import { dirname, join, relative, sep } from 'node:path';
import { ProcessFailure, ProofloadError } from '../../base/errors.ts';
import { keepLast } from '../../base/keep-last.ts';
import { Child } from '../../process/child.ts';
import type { Reaper } from '../../process/reaper.ts';

const LOCK_FILES = ['package-lock.json', 'npm-shrinkwrap.json'];
/** The last lines of output that an error shows. */
const SHOWN = 20;

/** Which checked-out build to prepare. */
export interface PrepareOptions {
  /** The top folders of this build and of the other one. */
  readonly from: string;
  readonly to: string;
  /** The folder of the contract, relative to them. */
  readonly folder: string;
  /** A shell command that does it instead, unless it is empty. */
  readonly command?: string | undefined;
  readonly reaper: Reaper;
  readonly signal: AbortSignal;
}

/**
 * Installs what a checked-out build needs: by a command, or the packages of each lock file of npm in the contract's
 * folder and above. Packages that are installed here are shared if the lock files are the same.
 *
 * @throws ProofloadError BUILD_NOT_READY with the end of the output
 */
export async function prepare(options: PrepareOptions): Promise<void> {
  const { from, to, folder, command } = options;
  if (command) return execute(['/bin/sh', '-c', command], join(to, folder), options);
  for (const parent of foldersAbove(folder)) {
    const lock = LOCK_FILES.find((name) => existsSync(join(to, parent, name)));
    if (lock === undefined || existsSync(join(to, parent, 'node_modules'))) continue;
    if (await canShare(join(from, parent), join(to, parent), lock)) {
      await symlink(join(from, parent, 'node_modules'), join(to, parent, 'node_modules'), 'dir');
    } else {
      await execute(['npm', 'ci', '--no-audit', '--no-fund', '--loglevel=error'], join(to, parent), options);
    }
  }
}

/** Returns a relative folder and those that contain it, up to the top. */
function foldersAbove(folder: string): string[] {
  if (folder === '' || folder === '.') return [''];
  return [folder, ...foldersAbove(dirname(folder))];
}

/** Whether the packages that are installed in one folder can be used in the other. */
async function canShare(from: string, to: string, lock: string): Promise<boolean> {
  const modules = join(from, 'node_modules');
  if (!existsSync(modules) || !existsSync(join(from, lock))) return false;
  for (const name of [lock, 'package.json']) {
    if (!existsSync(join(from, name)) || !existsSync(join(to, name))) return false;
    if ((await readFile(join(from, name), 'utf8')) !== (await readFile(join(to, name), 'utf8'))) return false;
  }
  return !(await linksOutside(modules));
}

/**
 * Whether a folder of packages contains a link to one outside, such as a workspace: that would be this build's code.
 */
async function linksOutside(modules: string): Promise<boolean> {
  const inside = (await realpath(modules)) + sep;
  const scopes = (await readdir(modules)).filter((name) => name.startsWith('@'));
  for (const folder of ['', ...scopes]) {
    for (const entry of await readdir(join(modules, folder), { withFileTypes: true })) {
      if (!entry.isSymbolicLink()) continue;
      const path = join(modules, folder, entry.name);
      const target = await realpath(path).catch(async () => join(dirname(path), await readlink(path)));
      if (!target.startsWith(inside)) return true;
    }
  }
  return false;
}

async function execute(command: string[], cwd: string, { to, reaper, signal }: PrepareOptions): Promise<void> {
  const output: string[] = [];
  const child = await Child.start({
    command,
    cwd,
    environment: process.env as Record<string, string>,
    reaper,
    onLine: (line) => keepLast(output, line, SHOWN),
  });
  const stop = () => void child.stop();
  signal.addEventListener('abort', stop);
  // It may have been aborted before this process was started.
  if (signal.aborted) stop();
  const { code } = await child.exited;
  signal.removeEventListener('abort', stop);
  signal.throwIfAborted();
  if (code === 0) return;
  const where = relative(to, cwd) || 'the top folder';
  const cause = new ProcessFailure(`exit code ${code}`, output);
  throw new ProofloadError(
    'BUILD_NOT_READY',
    `the other build can't be prepared: "${command.join(' ')}" ended with exit code ${code} in ${where}. ` +
      '--prepare names another command',
    { cause },
  );
}
