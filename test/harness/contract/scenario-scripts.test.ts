import { readdir, readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import { allScripts, readScript, SCRIPT_SOURCES } from '../../../harness/contract/scenario-scripts.ts';
import { temporaryFile } from '../../support/temporary-folder.ts';

/** Reads a script with this source code. */
async function scriptWith(source: string) {
  const file = await temporaryFile('own.ts', source);
  return readScript('chaos/own', file);
}

test('reads the subject of a script from its text, and whether it runs for each breaker', async () => {
  const once = "export const proof: Proof = { about: about(), judges: 'own things', holds: [] };";
  expect(await scriptWith(once)).toMatchObject({ name: 'chaos/own', judges: 'own things', perBreaker: false });
  const each = "export const proof = { judges: 'things of ${breaker}', each: 'breaker' };";
  expect(await scriptWith(each)).toMatchObject({ judges: 'things of ${breaker}', perBreaker: true });
});

test('a proof without a plain text for its subject is refused', async () => {
  const source = "const judges = 'x';\nexport const proof: object = { about: 'y', judges };\n";
  await expect(scriptWith(source)).rejects.toMatchObject({ code: 'SCENARIO_INVALID' });
});

test('each script names its breaker in its subject if and only if it runs for each', async () => {
  for (const { name, judges, perBreaker } of await allScripts()) {
    expect(judges.includes('${breaker}'), name).toBe(perBreaker);
  }
});

test('the sources of the scripts contain everything that they import at run time', async () => {
  const outside: string[] = [];
  for (const folder of SCRIPT_SOURCES) {
    for (const file of (await readdir(folder, { recursive: true })).filter((path) => path.endsWith('.ts'))) {
      const path = join(folder, file);
      const imports = (await readFile(path, 'utf8')).matchAll(/^(?:import|export) (?!type\b)[^;]*?from '(\.[^']+)';/gm);
      for (const [, to = ''] of imports) {
        const target = join(dirname(path), to);
        if (!SCRIPT_SOURCES.some((source) => target.startsWith(source))) outside.push(`${path}: ${to}`);
      }
    }
  }
  expect(outside).toEqual([]);
});
