import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { loadScript } from '../../../engine/index.ts';
import { importModule } from '../../../faults/base/import-module.ts';
import { addScript, allScripts, type Script } from '../../../harness/contract/scenario-scripts.ts';
import { runnableScript } from '../../../harness/run/runnable-script.ts';

const scriptNamed = async (wanted: string) => (await allScripts()).find(({ name }) => name === wanted) as Script;

const CONTEXT = { lab: { url: '', token: '' }, endpoints: { price: {} }, breakers: {}, limits: {} };
const env = { PROOFLOAD: JSON.stringify(CONTEXT) };

/** The folder of a project that has not installed the package. */
const folder = await mkdtemp(join(tmpdir(), 'proofload-own-'));
afterAll(() => rm(folder, { recursive: true }));
const path = join(folder, 'wrong-currency.ts');
await cp('examples/price-service/proofload/scenarios/wrong-currency.ts', path);
await addScript(path);
const script = await scriptNamed('own/wrong-currency');

test('k6 gets an own script as a bundle that imports only modules of k6', async () => {
  const bundle = await runnableScript({ name: 'k6' }, script, folder);
  expect(bundle).toBe(join(folder, 'script.js'));
  const imported = [...(await readFile(bundle, 'utf8')).matchAll(/^import .*from "(.+)";$/gm)].map(([, from]) => from);
  expect(imported).toContain('k6/http');
  expect(imported.filter((from) => !from?.startsWith('k6/'))).toEqual([]);
  const exported = await loadScript(bundle, { env });
  expect(exported).toMatchObject({ proof: { judges: 'prices in another currency' }, default: expect.any(Function) });
});

test('the embedded engine reads an own script itself, and every engine the others', async () => {
  expect(await runnableScript({ name: 'embedded' }, script, folder)).toBe(path);
  const smoke = await scriptNamed('stress/smoke');
  expect(await runnableScript({ name: 'k6' }, smoke, folder)).toBe(smoke.path);
  expect(await loadScript(path, { env })).toHaveProperty('handleSummary');
});

test("a script's imports are still found after a contract was imported", async () => {
  await loadScript(path, { env });
  const contract = join(folder, 'proofload.config.ts');
  await writeFile(contract, 'export default {};');
  await importModule(contract);
  expect(await loadScript(path, { env })).toHaveProperty('handleSummary');
});
