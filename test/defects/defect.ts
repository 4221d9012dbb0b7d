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
  /** The service's contract and its program, which gets the defect's name as an argument. */
  readonly of: { readonly contract: string; readonly program: string };
}

/** The defects of a service that implements all of them. */
export interface Defects {
  /** The path of the service's program, from its contract. */
  readonly program: string;
  readonly caught: readonly Omit<Defect, 'of'>[];
}

type Options = Pick<Caught, 'says' | 'inTests'>;

/** A variant of the reference service with a defect. */
export interface Variant extends Omit<Defect, 'of'> {
  /** Runs the service. */
  run(): Promise<void>;
}

/**
 * Returns variants of the reference service that the same checker must catch, by their names. A file in services/
 * exports them as `defects`.
 */
export const caughtBy = (
  scenario: string,
  checker: string,
  variants: Readonly<Record<string, Omit<Variant, 'name' | 'scenario' | 'checker'>>>,
): Variant[] => Object.entries(variants).map(([name, variant]) => ({ name, scenario, checker, ...variant }));

/** Runs the variant that the command line names. */
export async function runNamed(variants: readonly Variant[]): Promise<void> {
  const variant = variants.find(({ name }) => name === process.argv[2]);
  if (!variant)
    throw new Error(`no defect ${process.argv[2]}; there are ${variants.map(({ name }) => name).join(', ')}`);
  await variant.run();
}

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
): Defects['caught'] => Object.entries(checks).map(([name, check]) => ({ name, scenario, checker, check, ...options }));

/** Returns a pattern for the names of checks that catch a defect. */
export const patternOf = ({ check }: Pick<Caught, 'check'>): RegExp =>
  new RegExp(`^${check.split('…').map(RegExp.escape).join('[^"]*')}$`);

/** Returns the command that starts the service with a defect. */
export const commandOf = ({ name, of: { program } }: Pick<Defect, 'name' | 'of'>): string[] => [
  program.endsWith('.py') ? 'python3' : 'node',
  program,
  name,
];
