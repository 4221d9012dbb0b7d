import { access } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { messageOf } from '../../harness/base/errors.ts';
import { CHECKERS, COMMON } from '../../harness/checkers/index.ts';
import { loadContract } from '../../harness/contract/load.ts';
import { registeredFaults } from '../../harness/contract/registered-faults.ts';
import { loadScenario } from '../../harness/run/scenario.ts';
import { SILENCE } from '../../harness/testing/hand-written.ts';
import { DEFECTS } from './catalogue.ts';
import { type Defect, patternOf } from './defect.ts';

test('names of defects are unique, and the program of each exists', async () => {
  expect(new Set(DEFECTS.map(({ name }) => name)).size).toBe(DEFECTS.length);
  for (const { of } of DEFECTS) await access(of.program);
});

/**
 * A call that is never promised to be repeated has such a check only if it is repeated nevertheless. Only the run shows
 * whether upstreams get the text of a call, and whether reads tell a stored row from a missing one.
 */
const NOT_PLANNED = [
  'retry-after-overflows',
  'answers-given-to-another-caller',
  'calls-made-from-another-callers-data',
  'not-found-remembered',
  'row-found-by-the-beginning-of-its-key',
];

test('the scenario of a defect uses the intended checker, and makes the intended check', async () => {
  const grouped = Map.groupBy(DEFECTS, ({ scenario, of }) => `${scenario} ${of.contract}`);
  for (const defects of grouped.values()) {
    const [{ scenario, of }] = defects as [Defect];
    const contract = await loadContract(of.contract);
    const about = `${defects.map(({ name }) => name).join(', ')} in ${scenario}`;
    const loaded = await loadScenario(scenario, contract, 'fast').catch((error) => {
      throw new Error(`${about}: ${messageOf(error)}`);
    });
    if ('skipped' in loaded) throw new Error(`${about} is skipped: ${loaded.skipped}`);
    const { numbers, breaker, proof } = loaded;
    const facts = { contract, faults: registeredFaults(), numbers, noise: SILENCE, proof, ...(breaker && { breaker }) };
    for (const defect of defects) {
      const { name, checker } = defect;
      expect([...proof.holds, ...Object.keys(COMMON)], `${name} in ${scenario}`).toContain(checker);
      const cases = CHECKERS[checker]?.cases?.(facts)?.map(({ check }) => check);
      if (cases && !NOT_PLANNED.includes(name))
        expect(cases, name).toContainEqual(expect.stringMatching(patternOf(defect)));
    }
  }
});

test('the defects in the test suite are caught without timing, which proves nothing on a busy machine', () => {
  const timed = DEFECTS.filter(({ checker, inTests }) => inTests && CHECKERS[checker]?.timed);
  expect(timed.map(({ name }) => name)).toEqual([]);
});
