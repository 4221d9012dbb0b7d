import type { Change, Finding, Verdict } from '../verdict/finding.ts';

/**
 * The version of the output of `doctor --json`. Increment it if a field is removed or changes its meaning. Adding a
 * field does not require it.
 */
const VERSION = 1;

interface CheckName {
  readonly scenario: string;
  readonly check: string;
}

/** The output of `doctor --json`. docs/how-to/check-a-contract.md describes the fields. */
export interface Diagnosis {
  readonly version: typeof VERSION;
  /** The contract's file, relative to the working directory. */
  readonly contract: string;
  /** As the exit code says, except that a lab that could not be set up is INCONCLUSIVE. */
  readonly verdict: Verdict;
  /** All scenarios, with the reason for those that can't judge the service. */
  readonly scenarios: readonly { readonly scenario: string; readonly skipped?: string }[];
  /** Scenarios that the contract requires, and that can't judge the service. */
  readonly unmet: readonly string[];
  /** The findings. They have the same fields as in verdict.json. */
  readonly findings: readonly (Finding & { readonly scenario: string })[];
  /**
   * What explains the findings that did not pass, most important first: the checks, those that follow from them, and the
   * lines of the contract that they are about.
   */
  readonly causes: readonly {
    readonly title: string;
    readonly verdict: Verdict;
    readonly checks: readonly CheckName[];
    readonly follow: readonly CheckName[];
    readonly contract: readonly { readonly path: readonly string[]; readonly line: string }[];
  }[];
  /** Scenarios that only `--thorough` looks at, because they take long, with the seconds. */
  readonly left: readonly { readonly scenario: string; readonly seconds: number }[];
  /** Hints about the contract, and failures that don't count because they don't say how the contract is wrong. */
  readonly notes: readonly string[];
  /** Changes of the contract that would describe what the service did. With --fix, those that were not written. */
  readonly changes: readonly Change[];
  /** With --fix, the lines that were written, with `-` or `+` and their numbers. */
  readonly written: readonly string[];
  /**
   * Scenarios that the changes would switch off, each with the reason. With --fix, those that the lines written have
   * switched off.
   */
  readonly switchedOff: readonly { readonly scenario: string; readonly skipped: string }[];
  /** The service's logs of the scenarios that did not pass, relative to the working directory. */
  readonly logs: readonly string[];
}

/** Returns a diagnosis in this version of the format. */
export const diagnosis = (found: Omit<Diagnosis, 'version'>): Diagnosis => ({ version: VERSION, ...found });
