import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { ignoreResults } from '../../../harness/init/ignore-results.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

const LINE = '/results/\n';

async function folder(gitignore?: string): Promise<string> {
  const made = await temporaryFolder();
  if (gitignore !== undefined) await writeFile(join(made, '.gitignore'), gitignore);
  return made;
}

const git = (cwd: string, ...args: string[]) => execFileSync('git', args, { cwd, encoding: 'utf8' });
const read = (at: string) => readFile(join(at, '.gitignore'), 'utf8');

test('in a repository, runs are ignored, and once is enough', async () => {
  const at = await folder();
  git(at, 'init', '--quiet');
  expect(await ignoreResults(at)).toBe(true);
  expect(await ignoreResults(at)).toBe(false);
  expect(await read(at)).toBe(LINE);
  await mkdir(join(at, 'results/runs/chaos'), { recursive: true });
  await writeFile(join(at, 'results/runs/chaos/x'), '');
  expect(git(at, 'status', '--porcelain', '--untracked-files=all')).toBe('?? .gitignore\n');
});

test.each([
  ['a\r\nb\r\n', 'a\r\nb\r\n/results/\r\n'],
  ['a', `a\n${LINE}`],
  ['', LINE],
  ['node_modules/\n', `node_modules/\n${LINE}`],
  ['my-results/\n', `my-results/\n${LINE}`],
])('%j stays as it is, and gets the line', async (before, after) => {
  const at = await folder(before);
  expect(await ignoreResults(at)).toBe(true);
  expect(await read(at)).toBe(after);
});

test.each(['results', 'results/\r\n', '/results/\n', 'a\n/results/*\n'])('%j has them already', async (before) => {
  const at = await folder(before);
  expect(await ignoreResults(at)).toBe(false);
  expect(await read(at)).toBe(before);
});

test('a folder that is in no repository gets no file, and one whose repository ignores results neither', async () => {
  const alone = await folder();
  expect(await ignoreResults(alone)).toBe(false);
  expect(existsSync(join(alone, '.gitignore'))).toBe(false);
  const root = await folder('results/\n');
  git(root, 'init', '--quiet');
  await mkdir(join(root, 'service'));
  expect(await ignoreResults(join(root, 'service'))).toBe(false);
});
