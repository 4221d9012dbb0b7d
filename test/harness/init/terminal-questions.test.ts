import { spawnSync } from 'node:child_process';
import { access, mkdir, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { called, product } from '../../support/product.ts';

/** Runs `proofload init` in an empty folder with lines of answers on its standard input. */
async function init(args: string[], input: string) {
  const temporary = await mkdtemp(join(tmpdir(), 'proofload-init-'));
  onTestFinished(() => rm(temporary, { recursive: true }));
  // The contract is named after the folder.
  const folder = join(temporary, 'shop');
  await mkdir(folder);
  const command = called(product.commandLine, ['init', ...args]);
  const { status, stdout, stderr } = spawnSync(...command, { cwd: folder, input, encoding: 'utf8' });
  return { status, stdout, stderr, file: join(folder, 'proofload.yaml') };
}

test('an empty line is the default answer', async () => {
  const [answered, assumed] = await Promise.all([init([], '\n'.repeat(60)), init(['--yes'], '')]);
  expect([answered.status, assumed.status]).toEqual([0, 0]);
  expect(await readFile(answered.file, 'utf8')).toBe(await readFile(assumed.file, 'utf8'));
});

test('a line answers the question that is printed', async () => {
  const { status, stdout, file } = await init([], `billing\n${'\n'.repeat(60)}`);
  expect(status).toBe(0);
  expect(stdout).toMatch(/^What is the service called\? \(shop\) billing\nWhich address .* none\n/m);
  expect(await readFile(file, 'utf8')).toMatch(/^name: billing$/m);
});

test('if the input ends early, nothing is written', async () => {
  const { status, stderr, file } = await init([], 'billing\n');
  expect({ status, stderr }).toEqual({ status: 2, stderr: expect.stringContaining('USAGE: the input ended before') });
  await expect(access(file)).rejects.toThrow('ENOENT');
});
