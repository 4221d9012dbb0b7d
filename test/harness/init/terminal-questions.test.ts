import { spawnSync } from 'node:child_process';
import { access, mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { called, product } from '../../support/product.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

/** Runs `proofload init` in a folder with a small service, and lines of answers on its standard input. */
async function init(args: string[], input: string) {
  const temporary = await temporaryFolder();
  // The contract is named after the folder.
  const folder = join(temporary, 'shop');
  await mkdir(folder);
  await writeFile(
    join(folder, 'server.js'),
    'app.get("/ready", ok);\napp.get("/items", list);\nlisten(process.env.PORT);',
  );
  await writeFile(join(folder, 'package.json'), '{ "scripts": { "start": "node server.js" } }');
  const command = called(product.commandLine, ['init', '--no-start', ...args]);
  const { status, stdout, stderr } = spawnSync(...command, { cwd: folder, input, encoding: 'utf8' });
  return { status, stdout, stderr, folder, file: join(folder, 'proofload.yaml') };
}

test('an empty line accepts what was found, and so does --yes', async () => {
  const [answered, accepted] = await Promise.all([init([], '\n'.repeat(60)), init(['--yes'], '')]);
  expect([answered.status, accepted.status]).toEqual([0, 0]);
  expect(await readFile(answered.file, 'utf8')).toBe(await readFile(accepted.file, 'utf8'));
  expect(answered.stdout).toContain('command         node server.js  (package.json:1)\n');
  expect(answered.stdout).toMatch(/\nNext: .*proofload.* doctor\n/);
});

test('a line answers the question that is printed, and < goes back to the one before', async () => {
  const { status, stdout, file } = await init(['--ask'], `billing\n<\nshop-2\n${'\n'.repeat(60)}`);
  expect(status).toBe(0);
  expect(stdout.split('What is the service called?')).toHaveLength(3);
  expect(await readFile(file, 'utf8')).toMatch(/^name: shop-2$/m);
});

test('if the input ends early, nothing is written', async () => {
  const { status, stderr, file } = await init([], '\n');
  expect({ status, stderr }).toEqual({ status: 2, stderr: expect.stringContaining('USAGE: the input ended before') });
  await expect(access(file)).rejects.toThrow('ENOENT');
});

test('--set answers a question, and one that can not be understood is refused', async () => {
  const { file } = await init(['--yes', '--set', 'endpoints=GET /other'], '');
  expect(await readFile(file, 'utf8')).toContain('path: /other');
  const refused = await init(['--yes', '--set', 'endpoints'], '');
  expect(refused).toMatchObject({ status: 2, stderr: expect.stringContaining('allowed: NAME=ANSWER') });
});

test('--ci github also writes a workflow, and replaces none', async () => {
  const { folder, stdout } = await init(['--yes', '--ci', 'github'], '');
  expect(stdout).toContain('Wrote .github/workflows/proofload.yml.');
  expect(await readFile(join(folder, '.github/workflows/proofload.yml'), 'utf8')).toContain(
    'npx proofload run stress chaos\n',
  );
});
