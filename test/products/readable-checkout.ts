import { execFile } from 'node:child_process';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { User } from './unprivileged-user.ts';

const run = promisify(execFile);

/** What the tests don't read. */
const LEFT_OUT = ['.git', 'results'];

/**
 * Returns the folder of this checkout, or of a copy if the user can't read it, for example below /root.
 */
export async function readableCheckout(user: User | undefined): Promise<string> {
  const checkout = process.cwd();
  if (user === undefined) return checkout;
  const { uid, gid, home } = user;
  const isReadable = await run('test', ['-r', join(checkout, 'node_modules/vitest/vitest.mjs')], { uid, gid }).then(
    () => true,
    () => false,
  );
  if (isReadable) return checkout;
  const copy = join(home, 'checkout');
  console.log(`${user.name} can't read ${checkout}: the tests run in a copy of it`);
  const entries = (await readdir(checkout)).filter((name) => !LEFT_OUT.includes(name));
  await run('mkdir', [copy]);
  await run('cp', ['-R', '--reflink=auto', ...entries, copy]);
  await run('chown', ['-R', `${uid}:${gid}`, copy]);
  return copy;
}
