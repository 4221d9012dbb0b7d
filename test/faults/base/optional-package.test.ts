import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { findOptional, installCommand } from '../../../faults/base/optional-package.ts';
import manifest from '../../../package.json' with { type: 'json' };
import { temporaryFolder } from '../../support/temporary-folder.ts';

async function folderWith(...files: string[]): Promise<string> {
  const folder = await temporaryFolder();
  for (const file of files) await writeFile(join(folder, file), '');
  return folder;
}

test.each([
  ['package-lock.json', 'npm i -D'],
  ['pnpm-lock.yaml', 'pnpm add -D'],
  ['yarn.lock', 'yarn add -D'],
  ['bun.lock', 'bun add -D'],
])('with %s, also in a parent folder, a package is installed by "%s"', async (lock, command) => {
  const inside = join(await folderWith(lock), 'packages', 'api');
  await mkdir(inside, { recursive: true });
  expect(installCommand('rolldown', inside, {})).toBe(`${command} rolldown@${manifest.peerDependencies.rolldown}`);
});

test.each([
  [{ npm_config_user_agent: 'pnpm/10.1.0 npm/? node/v24.0.0 linux x64' }, 'pnpm add -D'],
  [{ npm_config_user_agent: 'other/1' }, 'npm i -D'],
  [{}, 'npm i -D'],
])('without a lock file, %j decides', async (environment, command) => {
  expect(installCommand('testcontainers', await folderWith(), environment)).toContain(`${command} testcontainers@`);
});

test('a package that is not installed is not found', () => {
  expect(findOptional('rolldown')).toMatch(/^file:.*rolldown/);
  expect(findOptional('proofload-no-such-package')).toBeUndefined();
});

test('every optional package can be installed in the version that this repository tests', () => {
  const { peerDependencies, peerDependenciesMeta, devDependencies } = manifest;
  expect(Object.keys(peerDependenciesMeta)).toEqual(Object.keys(peerDependencies));
  for (const name of Object.keys(peerDependencies)) expect(devDependencies).toHaveProperty([name]);
});
