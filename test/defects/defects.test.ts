import { afterAll, expect, test } from 'vitest';
import { loadContract } from '../../harness/contract/load.ts';
import { type Lab, startLab } from '../../harness/lab/lab.ts';
import { sharedPostgres } from '../support/embedded-postgres.ts';
import { ALONE_MS } from '../support/limits.ts';
import { decided } from '../support/measured-again.ts';
import { DEFECTS, REFERENCE } from './catalogue.ts';
import { type Defect, patternOf } from './defect.ts';
import { type Outcome, runDefect, whyUndecided } from './run-defect.ts';

/** Labs that no run uses at the moment. Starting one costs more than some of these tests. */
const idle: Lab[] = [];
const started = new AsyncDisposableStack();
afterAll(() => started.disposeAsync());

async function startReferenceLab(): Promise<Lab> {
  const [contract, { adminUrl }] = await Promise.all([loadContract(REFERENCE), sharedPostgres()]);
  return started.use(await startLab({ postgres: adminUrl, contract, profile: 'fast' }));
}

/** Runs a service with a defect in a lab, which another run uses next. */
async function runIn(defect: Defect): Promise<Outcome> {
  const lab = defect.of.contract === REFERENCE ? (idle.pop() ?? (await startReferenceLab())) : undefined;
  const outcome = await runDefect(defect, undefined, lab);
  if (lab) idle.push(lab);
  return outcome;
}

// The path of a defect from the service to the verdict. `make prove` runs all of them.
test.concurrent.each(DEFECTS.filter(({ inTests }) => inTests))(
  '$name fails $scenario: $check',
  async (defect) => {
    const outcome = await decided(defect.name, () => runIn(defect), whyUndecided);
    expect(whyUndecided(outcome)).toBeUndefined();
    const { failed, removals } = outcome;
    expect(failed.get(defect.checker)).toContainEqual(expect.stringMatching(patternOf(defect)));
    expect(removals?.unnoticed).toEqual([]);
    expect(removals?.tried).toBeGreaterThan(0);
  },
  ALONE_MS,
);
