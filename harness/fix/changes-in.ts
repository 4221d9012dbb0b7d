import type { Change } from '../verdict/finding.ts';
import type { RunResult } from '../verdict/run-result.ts';

/**
 * Returns the changes of the contract that the checks of some runs found, each field once. If checks found different
 * numbers for a field, such as the attempts of calls that fail in different ways, the largest one describes them all.
 */
export function changesIn(results: readonly RunResult[]): Change[] {
  const found = results.flatMap(({ profile, scenarios }) =>
    scenarios
      .flatMap(({ findings }) => findings)
      // A check that proves nothing may have observed something other than the service, unless another run can't help.
      .filter(({ verdict, lasting }) => verdict !== 'INCONCLUSIVE' || lasting === true)
      .flatMap(({ changes = [] }) => changes.map(inProfile(profile))),
  );
  return [...Map.groupBy(found, ({ path }) => JSON.stringify(path)).values()].map((same) =>
    same.reduce((a, b) => (Number(a.value) > Number(b.value) ? a : b)),
  );
}

const inProfile =
  (profile: string) =>
  (change: Change): Change => ({ ...change, path: change.path.map((key) => (key === '*' ? profile : key)) });
