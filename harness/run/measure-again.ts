import type { ScenarioResult } from '../verdict/run-result.ts';

/**
 * Returns why a scenario is to be measured once more: the first check that proved nothing. Returns undefined if there
 * is none, if a check failed, or if another run would hardly prove more.
 */
export function whyAgain({ verdict, findings, notRun }: ScenarioResult): string | undefined {
  if (verdict !== 'INCONCLUSIVE' || notRun !== undefined) return undefined;
  const unsure = findings.filter((one) => one.verdict === 'INCONCLUSIVE');
  if (unsure.some(({ lasting }) => lasting === true)) return undefined;
  const cause = unsure.find(({ follows }) => follows === undefined) ?? unsure[0];
  return cause && `${cause.check}: ${cause.observed}`;
}
