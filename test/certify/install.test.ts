import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';

const read = async (path: string) => JSON.parse(await readFile(new URL(path, import.meta.url), 'utf8'));

test('the default install has neither of the SDKs', async () => {
  const { packages } = await read('../../package-lock.json');
  for (const name of ['mem0ai', 'groq-sdk']) expect(packages).not.toHaveProperty([`node_modules/${name}`]);
});

test('the SDKs, and the runner of their tests, are exactly the versions that are asked for', async () => {
  const { dependencies, devDependencies } = await read('package.json');
  for (const [name, version] of Object.entries({ ...dependencies, ...devDependencies })) {
    expect((await read(`node_modules/${name}/package.json`)).version).toBe(version);
  }
  expect(devDependencies.vitest).toBe((await read('../../package.json')).devDependencies.vitest);
});
