/** What must catch a defect of a service. */
export interface Caught {
  readonly scenario: string;
  /** The checker, by its name. */
  readonly checker: string;
  /** That checker's check that must report FAIL. `…` stands for any text. */
  readonly check: string;
  /** A text that the check's result must contain, because several defects make it fail. */
  readonly says?: string;
  /** Whether the test suite runs it as well. `make prove` runs all of them. */
  readonly inTests?: true;
}

/** A service with a known defect, and the check that must catch it. */
export interface Defect extends Caught {
  readonly name: string;
  /**
   * The service's contract and program, if it is not the reference service. The program gets the defect's name as an
   * argument.
   */
  readonly of?: { readonly contract: string; readonly program: string };
}

/** The defects of a service that implements all of them. */
export interface Defects {
  /** The path of the service's program, from its contract. */
  readonly program: string;
  readonly caught: readonly Omit<Defect, 'of'>[];
}

type Options = Pick<Caught, 'says' | 'inTests'>;

/** Says what must catch a defect of the reference service. Its file in services/ exports this as `caught`. */
export const caughtBy = (scenario: string, checker: string, check: string, options: Options = {}): Caught => ({
  scenario,
  checker,
  check,
  ...options,
});

/** Says what must catch defects of another service, by their names. Its contract exports this as `defects`. */
export const inProgram = (program: string, ...caught: Defects['caught'][]): Defects => ({
  program,
  caught: caught.flat(),
});

/** Returns defects that the same checker must catch: their names, each with the check that must report FAIL. */
export const each = (
  scenario: string,
  checker: string,
  checks: Readonly<Record<string, string>>,
  options?: Options,
): Defects['caught'] =>
  Object.entries(checks).map(([name, check]) => ({ name, ...caughtBy(scenario, checker, check, options) }));

/** Returns a pattern for the names of checks that catch a defect. */
export const patternOf = ({ check }: Pick<Caught, 'check'>): RegExp =>
  new RegExp(`^${check.split('…').map(RegExp.escape).join('[^"]*')}$`);
