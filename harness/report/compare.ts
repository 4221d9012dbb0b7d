import type { Verdict } from '../verdict/finding.ts';
import type { RunResult, ScenarioResult } from '../verdict/run-result.ts';

/** One check of two runs: what it came to in each, absent where a run did not have it. */
export interface Change {
  scenario: string;
  check: string;
  before?: { verdict: Verdict; observed: string };
  after?: { verdict: Verdict; observed: string };
}

/**
 * Checks whose verdict differs between two runs, or that only one of them has, in the order of the later run. Only of
 * scenarios that both ran: a scenario that was not asked for has not changed.
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

/** By scenario, check, and how many of the same name came before it. */
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
