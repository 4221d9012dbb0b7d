import { execFileSync } from 'node:child_process';
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import { upstreamFaults } from '../../../faults/kinds/index.ts';
import { faultFiles } from '../../../faults/own/fault-files.ts';
import { parseFault } from '../../../faults/plan/parse-fault.ts';
import { CHECKERS, unknownChecker } from '../../../harness/checkers/index.ts';
import { allScenarios, findScenarios } from '../../../harness/contract/scenario-names.ts';
import { suites } from '../../../harness/contract/scenario-scripts.ts';
import { loadOwn } from '../../../harness/project/load-own.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

/** Creates the folder of a contract with these files below `proofload`. */
async function project(files: Record<string, string>): Promise<string> {
  const folder = await temporaryFolder();
  for (const [name, content] of Object.entries(files)) {
    const path = join(folder, 'proofload', name);
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, content);
  }
  return folder;
}

const check = (name: string, more = ''): string =>
  `export default { name: '${name}', usually: 'It is late.', judge: () => [], ${more} };`;
const fault = (kind: string, more = 'fields: {}'): string =>
  `export default { kind: '${kind}', does: 'lies', effect: 'fails', actsOn: 'requests', create: () => ({}), ${more} };`;
const scenario = (judges: string): string => `export const proof = { judges: '${judges}' };`;

test('own scenarios, checks and faults are found like all others', async () => {
  const before = suites();
  const folder = await project({
    'faults/lie.js': fault('lie'),
    'checks/told.js': check('told', "restsOn: ['recovers']"),
    'checks/told.test.js': 'throw new Error("a test")',
    'checks/lib/shared.js': 'throw new Error("shared code")',
    'checks/README.md': 'no module',
    'scenarios/lies.ts': scenario('lies'),
  });
  expect(unknownChecker(['told'])).toMatch(/^unknown check "told"; allowed: .*recovers/);
  await loadOwn(folder);
  await loadOwn(folder);
  expect(before).not.toContain('own');
  expect(suites()).toEqual([...before, 'own']);
  for (const wanted of ['own', 'lies', 'own/lies', 'own/l*'])
    expect(await findScenarios([wanted], [])).toEqual(['own/lies']);
  expect((await allScenarios([])).find(({ name }) => name === 'own/lies')).toMatchObject({ judges: 'lies' });
  expect(unknownChecker(['told', 'recovers'])).toBeUndefined();
  expect(unknownChecker(['told', 'tolt'])).toBe('unknown check "tolt"; did you mean "told"?');
  expect(CHECKERS.told).toMatchObject({ usually: 'It is late.' });
  expect(upstreamFaults.get('lie')).toMatchObject({ does: 'lies' });
  const mix = { kind: 'mix', of: [{ kind: 'lie', weight: 1 }] };
  expect(parseFault(mix, upstreamFaults)).toMatchObject({ kind: 'mix' });
  expect(faultFiles).toEqual([join(folder, 'proofload/faults/lie.js')]);
});

test('a pipe in the place of a module is refused, which would be read for ever', async () => {
  const folder = await project({ 'checks/README.md': '' });
  execFileSync('mkfifo', [join(folder, 'proofload/checks/piped.js')]);
  await expect(loadOwn(folder)).rejects.toMatchObject({
    code: 'DEFINITION_INVALID',
    message: expect.stringMatching(/piped\.js: it is no regular file; allowed: a file$/),
  });
});

test('a folder without own files adds nothing', async () => {
  await expect(loadOwn(await project({ 'checks/lib/shared.js': '' }))).resolves.toBeUndefined();
  await expect(loadOwn('/nowhere')).resolves.toBeUndefined();
});

test.each<[string, string, string, string]>([
  ['a check with the name of another', 'checks/a.js', check('recovers'), 'there is already a check "recovers"'],
  ['a check with the name of one for all scenarios', 'checks/b.js', check('thresholds'), 'there is already a check'],
  ['a check without a name', 'checks/c.js', check(''), 'may have lower-case letters, digits and dashes'],
  ['a check with a field that does not exist', 'checks/d.js', check('d', 'strict: true'), 'Unrecognized key: "strict"'],
  ['a check that rests on nothing known', 'checks/e.js', check('e', "restsOn: ['x']"), 'is not the name of a check'],
  ['a module without a check', 'checks/f.js', 'export const check = 1;', 'its default export is not a check'],
  ['a module that throws', 'checks/g.js', 'throw new Error("boom");', 'boom'],
  ['a fault with the name of another', 'faults/a.js', fault('hang'), 'there is already a fault "hang"'],
  ['a module without a fault', 'faults/b.js', 'export default 1;', 'its default export is not a fault'],
  ['a field without a description', 'faults/c.js', fault('c', 'fields: { x: {} }'), 'a zod schema with a description'],
  [
    'a field with the name of one that all faults have',
    'faults/d.js',
    fault('d', "fields: { rate: { description: 'x' } }"),
    'fault "d" has a field with a reserved name: "rate"; allowed: all names except kind, next, rate',
  ],
])('%s is refused, with its file', async (_, name, content, message) => {
  const refused = loadOwn(await project({ [name]: content }));
  await expect(refused).rejects.toMatchObject({ code: 'DEFINITION_INVALID' });
  await expect(refused).rejects.toThrow(`proofload/${name}: `);
  await expect(refused).rejects.toThrow(message);
});

test('a scenario without a proof, and a second one with the same name, are refused', async () => {
  const refused = loadOwn(await project({ 'scenarios/empty.ts': 'export default () => {};' }));
  await expect(refused).rejects.toMatchObject({
    code: 'SCENARIO_INVALID',
    message: expect.stringContaining('own/empty'),
  });
  const twice = loadOwn(
    await project({ 'scenarios/twice.js': scenario('one'), 'scenarios/twice.ts': scenario('two') }),
  );
  await expect(twice).rejects.toMatchObject({
    code: 'SCENARIO_INVALID',
    message: expect.stringContaining('is already own/twice'),
  });
});
