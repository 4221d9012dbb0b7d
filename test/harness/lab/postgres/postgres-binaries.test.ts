import { execFile } from 'node:child_process';
import { chmod, chown, mkdir, stat } from 'node:fs/promises';
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

/** Copies the installed binaries to a folder, without most of the thousand small files that only a server reads. */
async function copyInstalled(folder: string): Promise<string> {
  const installed = join(folder, 'native');
  await mkdir(join(installed, 'share/postgresql'), { recursive: true });
  for (const part of ['bin', 'lib', 'pg-symlinks.json', 'share/postgresql/timezonesets'])
    await run('cp', ['-RP', join(installedBinaries(), part), join(installed, part)]);
  return installed;
}

test("doesn't copy binaries that the user can run", async () => {
  expect(await reachableBinaries(installedBinaries(), {}, await temporaryFolder())).toBe(installedBinaries());
});

test('copies them and links the libraries if the install script of the package did not run', async () => {
  const installed = await copyInstalled(await temporaryFolder());
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
    const installed = await copyInstalled(closed);
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
    const installed = await copyInstalled(await temporaryFolder());
    await run('chmod', ['-R', 'go-rwx', installed]); // the permissions that npm sets with umask 077
    const identity = await serverIdentity();
    const folder = await temporaryFolder();
    await chown(folder, identity.uid as number, identity.gid as number);
    await chmod(folder, 0o700);
    const binaries = await reachableBinaries(installed, identity, folder);
    expect(binaries).toBe(join(folder, 'native'));
    const closed = ['(', '!', '-readable', '-o', '-type', 'd', '!', '-executable', ')', '-print'];
    expect((await run('find', [binaries, ...closed], { ...identity, cwd: folder })).stdout).toBe('');
    const version = await run(join(binaries, 'bin', 'postgres'), ['--version'], { ...identity, cwd: folder });
    expect(version.stdout).toContain('(PostgreSQL) 18');
    expect((await stat(join(installed, 'bin', 'postgres'))).mode & 0o077).toBe(0);
  },
);
