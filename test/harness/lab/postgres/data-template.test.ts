import { execFile } from 'node:child_process';
import {
  chmod,
  chown,
  mkdir,
  readdir,
  readFile,
  rename,
  rm,
  stat,
  symlink,
  truncate,
  writeFile,
} from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { DataTemplate } from '../../../../harness/lab/postgres/data-template.ts';
import { temporaryFolder } from '../../../support/temporary-folder.ts';

const run = promisify(execFile);

/** Returns a folder that contains `data` with a file, as initdb would create it. */
async function newData(text = 'a relation'): Promise<string> {
  const folder = await temporaryFolder();
  await mkdir(join(folder, 'data', 'base'), { recursive: true, mode: 0o700 });
  await writeFile(join(folder, 'data', 'base', '1'), text, { mode: 0o600 });
  return folder;
}

/** Unpacks a template and returns the file's text. */
async function unpacked(template: DataTemplate): Promise<string> {
  const folder = await temporaryFolder();
  await template.unpack(folder, {});
  return await readFile(join(folder, 'data', 'base', '1'), 'utf8');
}

/** Returns the template of new servers in a folder. */
const templateIn = (folder: string, origin = 'version 1') => DataTemplate.ofNew(origin, folder) as DataTemplate;

/** Returns the folder of templates, with a template whose file is `path`. */
async function withTemplate() {
  const kept = await temporaryFolder();
  const template = templateIn(kept);
  await template.pack(await newData(), {});
  const [name = ''] = await readdir(kept);
  return { kept, template, name, path: join(kept, name) };
}

const modeOf = async (path: string) => ((await stat(path)).mode & 0o777).toString(8);

test('data are kept for later servers, private to the user', async () => {
  const { template, path } = await withTemplate();
  expect(await modeOf(path)).toBe('600');
  expect(await unpacked(template)).toBe('a relation');
  const folder = await temporaryFolder();
  await template.unpack(folder, {});
  expect(await modeOf(join(folder, 'data'))).toBe('700');
  expect(await modeOf(join(folder, 'data', 'base', '1'))).toBe('600');
});

test('data of another origin replace them, and what an interrupted process has left, but not those of other users', async () => {
  const { kept, name, path } = await withTemplate();
  await writeFile(`${path}.part`, 'interrupted');
  await writeFile(join(kept, 'postgres-4711-other.tar'), "another user's");
  await mkdir(join(kept, 'v24-compiled'));
  const newer = templateIn(kept, 'version 2');
  await expect(unpacked(newer)).rejects.toThrow('ENOENT');
  await newer.pack(await newData('a newer relation'), {});
  await newer.removeOthers();
  expect(await unpacked(newer)).toBe('a newer relation');
  const files = await readdir(kept);
  expect(files).toHaveLength(3);
  expect(files).not.toContain(name);
  expect(files).toEqual(expect.arrayContaining(['postgres-4711-other.tar', 'v24-compiled']));
});

test('servers that start at the same time keep one template', async () => {
  const kept = await temporaryFolder();
  const folders = await Promise.all(Array.from({ length: 5 }, () => newData()));
  await Promise.all(folders.map((folder) => templateIn(kept).pack(folder, {})));
  expect(await readdir(kept)).toHaveLength(1);
  expect(await unpacked(templateIn(kept))).toBe('a relation');
});

test('a template that ends early, or that other users can access, is not used, and replaced', async () => {
  const { template, path } = await withTemplate();
  for (const size of [2_000, 1_500, 1_024, 0]) {
    await truncate(path, size);
    await expect(unpacked(template)).rejects.toThrow('it ends early');
  }
  await template.pack(await newData('made again'), {});
  expect(await unpacked(template)).toBe('made again');
  await chmod(path, 0o660);
  await expect(unpacked(template)).rejects.toThrow('other users could have written it');
});

test('a link or a pipe in its place is neither used nor waited for', async () => {
  const { template, path } = await withTemplate();
  await rename(path, `${path}.elsewhere`);
  await symlink(`${path}.elsewhere`, path);
  await expect(unpacked(template)).rejects.toThrow('ELOOP');
  await rm(path);
  await run('mkfifo', ['-m', '600', path]);
  await expect(unpacked(template)).rejects.toThrow('ESPIPE');
});

const isRoot = process.getuid?.() === 0;
test.skipIf(!isRoot)(
  `a template of another user is not used${isRoot ? '' : ' (skipped: only root can give files away)'}`,
  async () => {
    const { template, path } = await withTemplate();
    await chown(path, 65_534, 65_534);
    await expect(unpacked(template)).rejects.toThrow('other users could have written it');
  },
);

test('nothing is kept if that fails, and no part is left', async () => {
  const { kept, template, name, path } = await withTemplate();
  await expect(template.pack(await temporaryFolder(), {})).rejects.toThrow('tar ended with'); // it contains no data
  expect(await unpacked(template)).toBe('a relation');
  await rm(path);
  await mkdir(join(path, 'in the way'), { recursive: true, mode: 0o700 });
  await expect(template.pack(await newData(), {})).rejects.toThrow('EISDIR');
  expect(await readdir(kept)).toEqual([name]);
  await expect(unpacked(template)).rejects.toThrow(/EISDIR|position/);
  const nowhere = templateIn(join(kept, 'nowhere'));
  await expect(nowhere.pack(await newData(), {})).rejects.toThrow('ENOENT');
  await expect(unpacked(nowhere)).rejects.toThrow('ENOENT');
});
