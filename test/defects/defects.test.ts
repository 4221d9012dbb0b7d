import { afterAll, expect, test } from 'vitest';
import { loadContract } from '../../harness/contract/load.ts';
import { type Lab, startLab } from '../../harness/lab/lab.ts';
import { sharedPostgres } from '../support/embedded-postgres.ts';
import { DEFECTS, REFERENCE } from './catalogue.ts';
import { patternOf } from './defect.ts';
import { runDefect } from './run-defect.ts';

/** Labs that no run uses at the moment. Starting one costs more than some of these tests. */
const idle: Lab[] = [];
const started = new AsyncDisposableStack();
afterAll(() => started.disposeAsync());

async function startReferenceLab(): Promise<Lab> {
  const [contract, { adminUrl }] = await Promise.all([loadContract(REFERENCE), sharedPostgres()]);
  return started.use(await startLab({ postgres: adminUrl, contract }));
}

// The path of a defect from the service to the verdict. `make prove` runs all of them.
test.concurrent.each(DEFECTS.filter(({ inTests }) => inTests))('$name fails $scenario: $check', async (defect) => {
  const lab = defect.of.contract === REFERENCE ? (idle.pop() ?? (await startReferenceLab())) : undefined;
  const { failed, removals } = await runDefect(defect, undefined, lab);
  if (lab) idle.push(lab);
  expect(failed.get(defect.checker)).toContainEqual(expect.stringMatching(patternOf(defect)));
  expect(removals?.unnoticed).toEqual([]);
  expect(removals?.tried).toBeGreaterThan(0);
});
