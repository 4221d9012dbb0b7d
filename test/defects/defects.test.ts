import { afterAll, expect, test } from 'vitest';
import { loadContract } from '../../harness/contract/load.ts';
import { type Lab, startLab } from '../../harness/lab/lab.ts';
import { sharedPostgres } from '../support/embedded-postgres.ts';
import { DEFECTS } from './catalogue.ts';
import { REFERENCE, runDefect } from './run-defect.ts';

/** A sample of each kind. `make prove` runs all of them. */
const SOME = DEFECTS.filter(({ inTests }) => inTests);

/** Takes most of the server's connections, which the other runs would lack. */
const NEEDS_SERVER = 'stress/connection-ceiling';

/** Labs that no run uses at the moment. Starting one costs more than some of these tests. */
const idle: Lab[] = [];
const started = new AsyncDisposableStack();
afterAll(() => started.disposeAsync());

async function startReferenceLab(): Promise<Lab> {
  const [contract, { adminUrl }] = await Promise.all([loadContract(REFERENCE), sharedPostgres()]);
  return started.use(await startLab({ postgres: adminUrl, fakes: 'process', contract }));
}

test.concurrent.each(SOME)('$name fails $scenario: $check', async (defect) => {
  const ownsLab = defect.of !== undefined || defect.scenario === NEEDS_SERVER;
  const lab = ownsLab ? undefined : (idle.pop() ?? (await startReferenceLab()));
  const { failed } = await runDefect(defect, undefined, lab);
  if (lab) idle.push(lab);
  expect(failed.get(defect.checker)).toContain(defect.check);
});
