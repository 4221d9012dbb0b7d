import { z } from 'zod';
import { changeSchema, findingSchema, verdictSchema } from './finding.ts';

/**
 * The version of the output of `doctor --json`. Increment it if a field is removed or changes its meaning. Adding a
 * field does not require it.
 */
const VERSION = 1;

const checkNames = z.array(z.object({ scenario: z.string(), check: z.string() })).readonly();
const lines = z.array(z.string()).readonly();

/** The output of `doctor --json`. docs/how-to/check-a-contract.md describes the fields. */
export const diagnosisSchema = z.object({
  version: z.literal(VERSION),
  /** The contract's file, relative to the working directory. */
  contract: z.string(),
  /** As the exit code says, except that a lab that could not be set up is INCONCLUSIVE. */
  verdict: verdictSchema,
  /** All scenarios, with the reason for those that can't judge the service. */
  scenarios: z.array(z.object({ scenario: z.string(), skipped: z.string().exactOptional() })).readonly(),
  /** Scenarios that the contract requires, and that can't judge the service. */
  unmet: lines,
  /** The findings. They have the same fields as in verdict.json. */
  findings: z.array(findingSchema.extend({ scenario: z.string() })).readonly(),
  /**
   * What explains the findings that did not pass, most important first: the checks, those that follow from them, and the
   * lines of the contract that they are about.
   */
  causes: z
    .array(
      z.object({
        title: z.string(),
        verdict: verdictSchema,
        checks: checkNames,
        follow: checkNames,
        contract: z.array(z.object({ path: lines, line: z.string() })).readonly(),
      }),
    )
    .readonly(),
  /** Scenarios that only `--thorough` looks at, because they take long, with the seconds. */
  left: z.array(z.object({ scenario: z.string(), seconds: z.number() })).readonly(),
  /** Hints about the contract, and failures that don't count because they don't say how the contract is wrong. */
  notes: lines,
  /** The names of checks that don't count, but that FAIL in `run`. The verdict is that of the contract, not theirs. */
  willFail: lines,
  /** Changes of the contract that would describe what the service did. With --fix, those that were not written. */
  changes: z.array(changeSchema).readonly(),
  /** With --fix, the lines that were written, with `-` or `+` and their numbers. */
  written: lines,
  /**
   * Scenarios that the changes would switch off, each with the reason. With --fix, those that the lines written have
   * switched off.
   */
  switchedOff: z.array(z.object({ scenario: z.string(), skipped: z.string() })).readonly(),
  /** The service's logs of the scenarios that did not pass, relative to the working directory. */
  logs: lines,
});

export type Diagnosis = z.output<typeof diagnosisSchema>;

/** Returns a diagnosis in this version of the format. */
export const diagnosis = (found: Omit<Diagnosis, 'version'>): Diagnosis => ({ version: VERSION, ...found });
