import type { Verdict } from '../verdict/finding.ts';
import type { RunResult, ScenarioResult } from '../verdict/run-result.ts';

/** A check's result in two runs. It is absent for a run that does not have the check. */
export interface Change {
  scenario: string;
  check: string;
  before?: { verdict: Verdict; observed: string };
  after?: { verdict: Verdict; observed: string };
}

/**
 * Returns the checks whose verdict differs between two runs or that only one of them has, in the later run's order.
 * Only scenarios that both runs contain are compared, because a scenario that was not requested has not changed.
 */
export function compareRuns(before: RunResult, after: RunResult): Change[] {
  const [old, now] = [checksOf(before, namesOf(after)), checksOf(after, namesOf(before))];
  const keys = [...new Set([...now.keys(), ...old.keys()])];
  return keys.flatMap((key): Change[] => {
    const [was, is] = [old.get(key), now.get(key)];
    if (was?.verdict === is?.verdict) return [];
    const { scenario = '', check = '' } = is ?? was ?? {};
    return [{ scenario, check, ...(was && { before: was }), ...(is && { after: is }) }];
  });
}

export const namesOf = ({ scenarios }: RunResult): Set<string> => new Set(scenarios.map(({ scenario }) => scenario));

/** Returns checks by scenario, name, and how many checks with the same name came before. */
function checksOf({ scenarios }: RunResult, others: ReadonlySet<string>) {
  const counted = new Map<string, number>();
  const shared = scenarios.filter(({ scenario }) => others.has(scenario));
  const entries = shared.flatMap(({ scenario, findings }: ScenarioResult) =>
    findings.map(({ check, verdict, observed }) => {
      const name = JSON.stringify([scenario, check]);
      const nth = counted.get(name) ?? 0;
      counted.set(name, nth + 1);
      return [`${name}${nth}`, { scenario, check, verdict, observed }] as const;
    }),
  );
  return new Map(entries);
}
