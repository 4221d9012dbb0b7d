/** A service with a known defect, and the check that must catch it. */
export interface Defect {
  /** The name of the service's file in test/defects/services/. */
  name: string;
  scenario: string;
  /** The checker, by its name in harness/checkers/index.ts. */
  checker: string;
  /** That checker's check that must report FAIL. */
  check: string;
  /** A text that the check's result must contain, because several defects make it fail. */
  says?: string;
  /** Whether the test suite runs it as well. `make prove` runs all of them. */
  inTests?: true;
  /**
   * The service's contract and program, if it is not the reference service. The program gets the defect's name as an
   * argument.
   */
  of?: { contract: string; program: string };
}

type Row = [name: string, check: string, inTests?: 'in tests'];

/** Services that one of a scenario's checkers must catch, each with the check that must report FAIL. */
export const caughtBy = (scenario: string, checker: string, ...rows: Row[]): Defect[] =>
  rows.map(([name, check, inTests]) => ({ name, scenario, checker, check, ...(inTests && { inTests: true }) }));

/** The same defects, whose check must also say which of its causes it was. */
export const saying = (says: string, ...defects: Defect[]): Defect[] => defects.map((defect) => ({ ...defect, says }));

/**
 * Defects in a small service that implements all of them, together with its contract and program. The program gets a
 * defect's name as an argument.
 */
export const inService = (contract: string, program: string, ...defects: Defect[]): Defect[] =>
  defects.map((defect) => ({ ...defect, of: { contract, program } }));
