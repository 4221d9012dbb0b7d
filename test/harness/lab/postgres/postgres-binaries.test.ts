import { execFile } from 'node:child_process';
import { chmod, chown, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import {
  installedBinaries,
  reachableBinaries,
  serverIdentity,
} from '../../../../harness/lab/postgres/postgres-binaries.ts';
import { temporaryFolder } from '../../../support/temporary-folder.ts';

const run = promisify(execFile);

test("doesn't copy binaries that the user can run", async () => {
  expect(await reachableBinaries(installedBinaries(), {}, await temporaryFolder())).toBe(installedBinaries());
});

test('copies them and links the libraries if the install script of the package did not run', async () => {
  const installed = join(await temporaryFolder(), 'native');
  await run('cp', ['-RP', installedBinaries(), installed]);
  await run('find', [installed, '-type', 'l', '-delete']);
  const initdb = (binaries: string) => run(join(binaries, 'bin', 'initdb'), ['--version']);
  await expect(initdb(installed)).rejects.toThrow(/shared librar|dyld/i);
  const folder = await temporaryFolder();
  const binaries = await reachableBinaries(installed, {}, folder);
  expect(binaries).toBe(join(folder, 'native'));
  expect((await initdb(binaries)).stdout).toContain('initdb (PostgreSQL) 18');
});

const isRoot = process.getuid?.() === 0;
test.skipIf(!isRoot)(
  `links to them if only root can enter a folder above them${isRoot ? '' : ' (skipped: only root runs PostgreSQL as another user)'}`,
  async () => {
    const closed = await temporaryFolder();
    const installed = join(closed, 'native');
    await run('cp', ['-RP', installedBinaries(), installed]);
    const identity = await serverIdentity();
    const folder = await temporaryFolder();
    await chown(folder, identity.uid as number, identity.gid as number);
    const binaries = await reachableBinaries(installed, identity, folder);
    expect(binaries).toBe(join(folder, 'native'));
    const inode = async (where: string) => (await stat(join(where, 'bin', 'postgres'))).ino;
    expect(await inode(binaries)).toBe(await inode(installed));
  },
);

test.skipIf(!isRoot)(
  `copies them from a folder that only root can enter${isRoot ? '' : ' (skipped: only root runs PostgreSQL as another user)'}`,
  async () => {
    const installed = join(await temporaryFolder(), 'native');
    await run('cp', ['-RP', installedBinaries(), installed]);
    await run('chmod', ['-R', 'go-rwx', installed]); // the permissions that npm sets with umask 077
    const identity = await serverIdentity();
    const folder = await temporaryFolder();
    await chown(folder, identity.uid as number, identity.gid as number);
    await chmod(folder, 0o700);
    const binaries = await reachableBinaries(installed, identity, folder);
    expect(binaries).toBe(join(folder, 'native'));
    const data = [
      '--pgdata',
      join(folder, 'data'),
      '--no-sync',
      '--locale=C',
      '--auth=scram-sha-256',
      '--no-instructions',
    ];
    const password = [
      '-c',
      `echo secret > password; exec "$0" --pwfile=password "$@"`,
      join(binaries, 'bin', 'initdb'),
    ];
    const { stdout } = await run('sh', [...password, ...data], { ...identity, cwd: folder });
    expect(stdout).toContain('performing post-bootstrap initialization ... ok');
    expect((await stat(join(installed, 'bin', 'postgres'))).mode & 0o077).toBe(0);
  },
);
