import type { ScenarioResult } from '../verdict/run-result.ts';

/**
 * Returns why a scenario must be measured again: the first INCONCLUSIVE check. Returns undefined if there is none, if a
 * check failed, or if another run is unlikely to prove more.
 */
export function whyAgain({ verdict, findings, notRun }: ScenarioResult): string | undefined {
  if (verdict !== 'INCONCLUSIVE' || notRun !== undefined) return undefined;
  const unsure = findings.filter((finding) => finding.verdict === 'INCONCLUSIVE');
  if (unsure.some(({ lasting }) => lasting === true)) return undefined;
  const cause = unsure.find(({ follows }) => follows === undefined) ?? unsure[0];
  return cause && `${cause.check}: ${cause.observed}`;
}
