import type { WireMutant } from '../../wire/wire-mutant.ts';
import type { BuiltInChecker } from './checker.ts';

/** The checkers, hints and mutants of one subject. Its folder contains nothing else, and imports no other family. */
export interface Family {
  /** Its title in docs/failing-checks.md. */
  readonly title: string;
  /** In the order of that page. */
  readonly checkers: readonly BuiltInChecker[];
  /** The wire mutants that turn these checkers red. A few also turn checkers of other families red. */
  readonly mutants: readonly WireMutant[];
}
