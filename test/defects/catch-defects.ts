import { afterAll, expect, test } from 'vitest';
import { loadContract } from '../../harness/contract/load.ts';
import { type Lab, startLab } from '../../harness/lab/lab.ts';
import { sharedPostgres } from '../support/embedded-postgres.ts';
import { DEFECTS, REFERENCE } from './catalogue.ts';
import { type Defect, patternOf } from './defect.ts';
import { runDefect } from './run-defect.ts';

/** Takes most of the server's connections, which the other runs would lack. */
const NEEDS_SERVER = 'stress/connection-ceiling';

/**
 * Defines a test for each of these defects, of those that are in the tests. They are a sample of each kind. `make prove`
 * runs all of them.
 */
export function catchDefects(isMeant: (defect: Defect) => boolean): void {
  /** Labs that no run uses at the moment. Starting one costs more than some of these tests. */
  const idle: Lab[] = [];
  const started = new AsyncDisposableStack();
  afterAll(() => started.disposeAsync());

  async function startReferenceLab(): Promise<Lab> {
    const [contract, { adminUrl }] = await Promise.all([loadContract(REFERENCE), sharedPostgres()]);
    return started.use(await startLab({ postgres: adminUrl, contract }));
  }

  const some = DEFECTS.filter((defect) => defect.inTests && isMeant(defect));
  test.concurrent.each(some)('$name fails $scenario: $check', async (defect) => {
    const needsOwnLab = defect.of.contract !== REFERENCE || defect.scenario === NEEDS_SERVER;
    const lab = needsOwnLab ? undefined : (idle.pop() ?? (await startReferenceLab()));
    const { failed, removals } = await runDefect(defect, undefined, lab);
    if (lab) idle.push(lab);
    expect(failed.get(defect.checker)).toContainEqual(expect.stringMatching(patternOf(defect)));
    expect(removals?.unnoticed).toEqual([]);
    expect(removals?.tried).toBeGreaterThan(0);
  });
}

/** Whether the service must get a burst of requests within a window, which a busy machine may not send in time. */
export const needsBurst = ({ scenario }: Defect): boolean => scenario === 'stress/rate-limits';
