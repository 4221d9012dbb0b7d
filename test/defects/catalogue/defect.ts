/** A service with a known defect, and the check that must catch it. */
export interface Defect {
  /** The service's file in test/defects/services/. */
  name: string;
  scenario: string;
  /** The checker, by its name in harness/checkers/index.ts. */
  checker: string;
  /** The one of its checks that must say FAIL. */
  check: string;
  /** Whether the test suite runs it too; all are run by `make prove`. */
  inTests?: true;
}

type Row = [name: string, check: string, inTests?: 'in tests'];

/** Services that one checker of a scenario is meant to catch, each by the check that must say FAIL of it. */
export const caughtBy = (scenario: string, checker: string, ...rows: Row[]): Defect[] =>
  rows.map(([name, check, inTests]) => ({ name, scenario, checker, check, ...(inTests && { inTests: true }) }));
