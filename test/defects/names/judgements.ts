import type { RunResult } from '../../../harness/verdict/run-result.ts';

/** What a run says about each check of each scenario: a verdict, "skipped" or "not applicable". */
export type Judgements = ReadonlyMap<string, ReadonlyMap<string, string>>;

/** A check for which two runs say different things. */
export interface Difference {
  readonly scenario: string;
  readonly check: string;
  /** Absent if the check is missing. */
  readonly plain: string | undefined;
  readonly hostile: string | undefined;
}

/** Returns what a run says. `translate` puts the names of the original contract back. */
export const judgementsOf = ({ scenarios, skipped }: RunResult, translate = (text: string) => text): Judgements =>
  new Map([
    ...scenarios.map(({ scenario, findings, notApplicable = [] }): [string, Map<string, string>] => {
      const said = new Map<string, string>();
      for (const { checker = '', check, verdict } of findings) {
        const key = `${checker}: ${translate(check)}`;
        said.set(key, [said.get(key), verdict].filter((text) => text !== undefined).join(', '));
      }
      for (const { checker } of notApplicable) said.set(checker, 'not applicable');
      return [translate(scenario), said];
    }),
    ...skipped.map(({ name }): [string, Map<string, string>] => [translate(name), new Map([['all', 'skipped']])]),
  ]);

/** Returns what two runs of the same scenarios say differently. */
export const differences = (plain: Judgements, hostile: Judgements): Difference[] =>
  [...new Set([...plain.keys(), ...hostile.keys()])].flatMap((scenario) => {
    const [before, after] = [plain.get(scenario), hostile.get(scenario)];
    return [...new Set([...(before?.keys() ?? []), ...(after?.keys() ?? [])])]
      .filter((check) => before?.get(check) !== after?.get(check))
      .map((check) => ({ scenario, check, plain: before?.get(check), hostile: after?.get(check) }));
  });

/** Whether a busy machine may be the reason, so that another run may say the same. */
export const isUndecided = ({ plain, hostile }: Difference): boolean =>
  [plain, hostile].some((said) => said?.includes('INCONCLUSIVE'));
