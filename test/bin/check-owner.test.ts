import { spawnSync } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { expect, test } from 'vitest';
import { temporaryFolder } from '../support/temporary-folder.ts';

/** Runs what `npm pack` runs first, for a package with these links. */
async function check(owner: string, environment: Readonly<Record<string, string>> = {}) {
  const cwd = await temporaryFolder();
  const url = `https://github.com/${owner}/x`;
  const manifest = { name: 'x', homepage: `${url}#readme`, repository: { url: `git+${url}.git` }, bugs: url };
  await writeFile(join(cwd, 'package.json'), JSON.stringify(manifest));
  const { PATH } = process.env;
  const { status, stderr } = spawnSync(process.execPath, [resolve('bin/check-owner.js')], {
    cwd,
    env: { PATH, ...environment },
    encoding: 'utf8',
  });
  return { status, stderr };
}

test('a package with OWNER in its links is not packed, and each link is named', async () => {
  const { status, stderr } = await check('OWNER');
  expect(status).toBe(1);
  expect(stderr).toContain('\n  homepage: https://github.com/OWNER/x#readme\n');
  expect(stderr).toContain('\n  repository.url: git+https://github.com/OWNER/x.git\n');
  expect(stderr).toContain('\n  bugs: https://github.com/OWNER/x\n');
  expect(stderr).toContain('PACK_FOR_TESTS=1');
});

test('a package with OWNER in its links is packed for tests, but never published', async () => {
  expect(await check('OWNER', { PACK_FOR_TESTS: '1' })).toEqual({ status: 0, stderr: '' });
  expect(await check('OWNER', { PACK_FOR_TESTS: '1', npm_command: 'publish' })).toMatchObject({ status: 1 });
});

test('a package with an owner is packed', async () => {
  expect(await check('somebody')).toEqual({ status: 0, stderr: '' });
});

test('npm pack runs the check before anything else', async () => {
  const { scripts } = (await import('../../package.json', { with: { type: 'json' } })).default;
  expect(scripts.prepack).toMatch(/^node bin\/check-owner\.js && /);
});
