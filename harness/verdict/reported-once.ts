import { worst } from './finding.ts';
import type { ScenarioResult } from './run-result.ts';

/**
 * Returns a function that gets the results of a run's scenarios as they end, and returns them as they are reported. A
 * service writes its files in each scenario. Therefore, the first scenario that finds a problem in a file (`places` of a
 * finding) reports it, and the others refer to that scenario. A finding with any new place is kept whole, and so is that
 * of the first scenario if it is measured again.
 */
export function reportedOnce(): (result: ScenarioResult) => ScenarioResult {
  /** The first scenario of each place. */
  const firstIn = new Map<string, string>();
  return (result) => {
    const notes: string[] = [];
    const findings = result.findings.filter(({ check, verdict, places = [] }) => {
      if (verdict !== 'FAIL') return true;
      const [first] = places.map((place) => firstIn.get(place));
      const isNew = first === undefined || first === result.scenario || places.some((place) => !firstIn.has(place));
      for (const place of places) if (!firstIn.has(place)) firstIn.set(place, result.scenario);
      if (!isNew) notes.push(`"${check}" fails here for the same files, and is only reported in ${first}`);
      return isNew;
    });
    if (notes.length === 0) return result;
    const verdict = worst(findings.map((finding) => finding.verdict));
    return { ...result, findings, verdict, notes: [...(result.notes ?? []), ...notes] };
  };
}
