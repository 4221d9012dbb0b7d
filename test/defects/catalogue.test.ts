import { access } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { CHECKERS, COMMON } from '../../harness/checkers/index.ts';
import { loadContract } from '../../harness/contract/load.ts';
import { loadScenario } from '../../harness/run/scenario.ts';
import { DEFECTS } from './catalogue.ts';
import type { Defect } from './defect.ts';

test('names of defects are unique, and the program of each exists', async () => {
  expect(new Set(DEFECTS.map(({ name }) => name)).size).toBe(DEFECTS.length);
  for (const { of } of DEFECTS) if (of) await access(of.program);
});

test('the scenario of a defect uses the intended checker', async () => {
  const reference = await loadContract('service/proofload.config.ts');
  const grouped = Map.groupBy(DEFECTS, ({ scenario, of }) => `${scenario} ${of?.contract}`);
  for (const defects of grouped.values()) {
    const [{ scenario, of }] = defects as [Defect];
    const contract = of ? await loadContract(of.contract) : reference;
    const loaded = await loadScenario(scenario, contract, 'fast');
    if ('skipped' in loaded) throw new Error(`${defects[0]?.name}: ${scenario} is skipped: ${loaded.skipped}`);
    const applied = [...loaded.proof.holds, ...Object.keys(COMMON)];
    for (const { name, checker } of defects) expect(applied, `${name} in ${scenario}`).toContain(checker);
  }
});

test('the defects in the test suite are caught without timing, which proves nothing on a busy machine', () => {
  const timed = DEFECTS.filter(({ checker, inTests }) => inTests && CHECKERS[checker]?.timed);
  expect(timed.map(({ name }) => name)).toEqual([]);
});
