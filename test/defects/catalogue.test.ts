import { readdir } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { CHECKERS, COMMON } from '../../harness/checkers/index.ts';
import { loadContract } from '../../harness/contract/load.ts';
import { loadScenario } from '../../harness/run/scenario.ts';
import type { Defect } from './catalogue/defect.ts';
import { DEFECTS } from './catalogue.ts';
import { PROVABLE } from './matrix.ts';

test('each defect has its own service, and each service is listed exactly once', async () => {
  const files = await readdir(new URL('services/', import.meta.url));
  const own = DEFECTS.filter(({ of }) => of === undefined);
  expect(own.map(({ name }) => `${name}.ts`).sort()).toEqual(files.sort());
  expect(new Set(DEFECTS.map(({ name }) => name)).size).toBe(DEFECTS.length);
});

test('every checker that a defect can make fail has a defect', () => {
  const meant = DEFECTS.map(({ checker }) => checker);
  expect(PROVABLE.filter((checker) => !meant.includes(checker))).toEqual([]);
});

test('the scenario of a defect uses the intended checker', async () => {
  const reference = await loadContract('service/proofload.config.ts');
  const grouped = Map.groupBy(DEFECTS, ({ scenario, of }) => `${scenario} ${of?.contract}`);
  for (const defects of grouped.values()) {
    const [{ scenario, of }] = defects as [Defect];
    const contract = of ? await loadContract(of.contract) : reference;
    const loaded = await loadScenario(scenario, contract, 'fast');
    const holds = 'proof' in loaded ? loaded.proof.holds : [];
    for (const { checker } of defects) expect([...holds, ...Object.keys(COMMON)], scenario).toContain(checker);
  }
});

test('the defects in the test suite are caught without timing, which proves nothing on a busy machine', () => {
  const timed = DEFECTS.filter(({ checker, inTests }) => inTests && CHECKERS[checker]?.timed);
  expect(timed.map(({ name }) => name)).toEqual([]);
});
