import { execFile } from 'node:child_process';
import { chown, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** A user of this machine. */
export interface User {
  readonly name: string;
  readonly uid: number;
  readonly gid: number;
  /** A folder that only this user can access. */
  readonly home: string;
}

/** How long a user's processes may need to end, in milliseconds. */
const END_MS = 15_000;

/**
 * Creates a user without rights, which only root can do, and deletes it at disposal.
 *
 * @throws Error if there is no `useradd`, or, at disposal, if processes of the user are left. They are killed.
 */
export async function createUser(): Promise<User & AsyncDisposable> {
  const name = `proofload-${process.pid}`;
  const home = await mkdtemp(join(tmpdir(), `${name}-`));
  await run('useradd', ['--system', '--user-group', '--home-dir', home, '--shell', '/bin/sh', name]);
  const [uid = 0, gid = 0] = await Promise.all(
    ['-u', '-g'].map(async (what) => Number((await run('id', [what, name])).stdout)),
  );
  await chown(home, uid, gid);
  return {
    name,
    uid,
    gid,
    home,
    [Symbol.asyncDispose]: async () => {
      const left = await processesLeft(uid);
      for (const { id } of left) process.kill(id, 'SIGKILL');
      await rm(home, { recursive: true, force: true });
      await run('userdel', ['--force', name]);
      if (left.length > 0) throw new Error(`processes are left:\n${left.map(({ line }) => line).join('\n')}`);
    },
  };
}

/** Waits until a user has no processes, and returns those that don't end. */
async function processesLeft(uid: number): Promise<{ readonly id: number; readonly line: string }[]> {
  for (const until = Date.now() + END_MS; ; ) {
    const { stdout } = await run('ps', ['-u', String(uid), '-o', 'pid=,args=']).catch(() => ({ stdout: '' }));
    const lines = stdout.split('\n').filter((line) => line.trim() && !line.includes('<defunct>'));
    if (lines.length === 0 || Date.now() > until) {
      return lines.map((line) => ({ id: Number.parseInt(line, 10), line: line.trim() }));
    }
    await pause(200);
  }
}
