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
  /** The contract and the program of the service, if it is not the reference service. The program takes the name. */
  of?: { contract: string; program: string };
}

type Row = [name: string, check: string, inTests?: 'in tests'];

/** Services that one checker of a scenario is meant to catch, each by the check that must say FAIL of it. */
export const caughtBy = (scenario: string, checker: string, ...rows: Row[]): Defect[] =>
  rows.map(([name, check, inTests]) => ({ name, scenario, checker, check, ...(inTests && { inTests: true }) }));

/** Defects of a small service that has all of them: its contract, and the program, which takes the name of one. */
export const inService = (contract: string, program: string, ...defects: Defect[]): Defect[] =>
  defects.map((defect) => ({ ...defect, of: { contract, program } }));
