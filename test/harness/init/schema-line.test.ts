import { mkdir, symlink, writeFile } from 'node:fs/promises';
import { join, relative, resolve } from 'node:path';
import { expect, test } from 'vitest';
import { schemaLine } from '../../../harness/init/schema-line.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

const lineWith = (path: string) => `# yaml-language-server: $schema=${path}\n`;

test('the line names the schema of the package in the nearest node_modules, also if that is a link', async () => {
  const folder = await temporaryFolder();
  const stored = join(folder, 'node_modules/.store/proofload-1/schemas');
  await mkdir(stored, { recursive: true });
  await writeFile(join(stored, 'contract.schema.json'), '{}');
  await symlink(resolve(stored, '..'), join(folder, 'node_modules/proofload'));
  const schema = 'node_modules/proofload/schemas/contract.schema.json';
  expect(schemaLine(join(folder, 'proofload.yaml'))).toBe(lineWith(schema));
  expect(schemaLine(join(folder, 'api/contracts/own.yaml'))).toBe(lineWith(`../../${schema}`));
});

test('without an installed package, it names the schema of this one', async () => {
  const folder = await temporaryFolder();
  const own = relative(folder, resolve('schemas/contract.schema.json'));
  expect(schemaLine(join(folder, 'proofload.yaml'))).toBe(lineWith(own));
});
