import { appendFile, mkdir, rename, rm, symlink, truncate } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { searchForms } from '../../../../harness/base/secret-forms.ts';
import type { FilesEvent, LeakEvent } from '../../../../harness/history/events.ts';
import { FileSearch } from '../../../../harness/lab/service/search-files.ts';
import { eventually } from '../../../support/eventually.ts';
import { temporaryFolder } from '../../../support/temporary-folder.ts';

const KEY = 'sk-live-abcdef0123456789';
const TARGETS = { secrets: [{ name: 'API_KEY', forms: searchForms(KEY) }], folders: [] };

/** Returns what the search finds in a folder that a service fills, line by line as `file:line`. */
async function search(
  fill: (write: Write, leaks: readonly LeakEvent[], folder: string) => Promise<unknown>,
  mostBytes?: number,
) {
  const folder = await temporaryFolder();
  const [leaks, ends]: [LeakEvent[], FilesEvent[]] = [[], []];
  const write: Write = async (name, text) => {
    await mkdir(dirname(join(folder, name)), { recursive: true });
    await appendFile(join(folder, name), text);
  };
  await write('config.yaml', `key: ${KEY}\nport: 1\n`);
  const options = {
    folder,
    knownFiles: { 'config.yaml': `key: ${KEY}\nport: 1\n` },
    leakTargets: TARGETS,
    of: 'log',
    record: (event: LeakEvent | FilesEvent) => (event.type === 'leak' ? leaks.push(event) : ends.push(event)),
  };
  {
    await using _ = new FileSearch(options, mostBytes);
    await fill(write, leaks, folder);
  }
  const [{ type: _, at: __, of: ___, ...end }] = ends as [FilesEvent];
  return { found: leaks.map(({ file, line }) => `${file}:${line}`), ...end };
}

type Write = (name: string, text: string | Uint8Array) => Promise<void>;

const NONE = { all: 0, names: [] };

test('the lines of all text files are searched, except those of the lab', async () => {
  const seen = await search(async (write) => {
    await write(
      'logs/app.log',
      `up\nGET /?key=${KEY}\nlast line without a break ${Buffer.from(`a${KEY}`).toString('base64')}`,
    );
    await write('settings', Buffer.from(`\ufeffkey = ${KEY}\n`, 'utf16le'));
    await write('config.yaml', `log: ${KEY}\n`);
    await write('empty.log', '');
  });
  expect(seen).toEqual({
    found: expect.arrayContaining(['logs/app.log:2', 'logs/app.log:3', 'settings:1', 'config.yaml:3']),
    files: 3,
    lines: 5,
    binary: NONE,
    links: NONE,
    unread: NONE,
  });
  expect(seen.found).toHaveLength(4);
});

test('a folder with nothing but files of the lab has no lines', async () => {
  expect(await search(async () => {})).toMatchObject({ found: [], files: 0, lines: 0 });
});

test('a log that is rotated and removed while the service runs is read once', async () => {
  const seen = await search(async (write, leaks, folder) => {
    await write('app.log', `up\n${KEY}\n`);
    await eventually(() => expect(leaks).toHaveLength(1));
    await rename(join(folder, 'app.log'), join(folder, 'app.log.1'));
    await write('app.log', `new ${KEY}\n`);
    await eventually(() => expect(leaks).toHaveLength(2));
    await rm(join(folder, 'app.log.1'));
    await truncate(join(folder, 'app.log'));
    await write('app.log', `${KEY}\n`);
  });
  expect(seen).toMatchObject({ found: ['app.log:2', 'app.log:1', 'app.log:2'], files: 2, lines: 4 });
});

test('binary files and links out of the folder are counted, and not searched', async () => {
  const seen = await search(async (write, _, folder) => {
    await write('data.db', Buffer.concat([Buffer.from(`SQLite ${KEY}`), Buffer.alloc(900)]));
    await write('app.log.1.gz', gzipSync(KEY.repeat(200)));
    await write('app-1.log', 'up\n');
    await symlink('app-1.log', join(folder, 'app.log'));
    await symlink('/etc', join(folder, 'elsewhere'));
    await symlink('/nowhere', join(folder, 'broken'));
  });
  expect(seen).toMatchObject({ found: [], files: 1, lines: 1, unread: NONE });
  expect(seen.binary).toEqual({ all: 2, names: expect.arrayContaining(['data.db', 'app.log.1.gz']) });
  expect(seen.links).toEqual({ all: 1, names: ['elsewhere'] });
});

test('what is not read is named with the reason', async () => {
  const seen = await search((write) => write('large.log', `${'x'.repeat(99)}\n`.repeat(5_000)), 100_000);
  expect(seen.unread.names).toEqual(['large.log: 131072 of 500000 bytes were read']);
});
