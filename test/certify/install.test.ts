import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';

const read = async (path: string) => JSON.parse(await readFile(new URL(path, import.meta.url), 'utf8'));

test('the default installation contains no SDK', async () => {
  const { packages } = await read('../../package-lock.json');
  // The SDKs also need zod to be installed. It is excluded because the harness itself uses it.
  const { zod: _zod, ...sdks } = (await read('package.json')).dependencies;
  for (const name of Object.keys(sdks)) expect(packages).not.toHaveProperty([`node_modules/${name}`]);
});

test('the SDKs have exactly the pinned versions', async () => {
  const { dependencies } = await read('package.json');
  for (const [name, version] of Object.entries(dependencies)) {
    expect((await read(`node_modules/${name}/package.json`)).version).toBe(version);
  }
});
