import { z } from 'zod';
import { CHECKERS, COMMON } from '../checkers/index.ts';
import type { Checker } from '../checkers/lib/checker.ts';
import { type Finding, findingSchema } from '../verdict/finding.ts';
import { PhasesRead } from './phases-read.ts';

const isChecker = (name: string): boolean => Object.hasOwn(CHECKERS, name) || Object.hasOwn(COMMON, name);

/** A check as a team's module may export it. */
const ownCheck = z.strictObject({
  name: z.string().regex(/^[a-z][a-z0-9-]*$/, 'may have lower-case letters, digits and dashes'),
  timed: z.literal(true).exactOptional(),
  certain: z.literal(true).exactOptional(),
  restsOn: z.array(z.string().refine(isChecker, 'is not the name of a check that is loaded before')).exactOptional(),
  usually: z.string().min(1),
  cases: z
    .custom<NonNullable<Checker['cases']>>((value) => typeof value === 'function', 'must be a function')
    .exactOptional(),
  without: z.string().min(1).exactOptional(),
  judge: z.custom<Checker['judge']>((value) => typeof value === 'function', 'must be a function'),
});

const findings = z.array(findingSchema).min(1);

/**
 * Returns a team's check. Its findings are validated, because a verdict that is misspelt or missing would count as a
 * PASS.
 *
 * @param exported The default export of a module.
 * @throws RangeError if it is not a check
 */
export function parseCheck(exported: unknown): Checker {
  const { data, error } = ownCheck.safeParse(exported);
  if (error) throw new RangeError(`its default export is not a check made by defineCheck(): ${z.prettifyError(error)}`);
  return {
    ...data,
    judge(history, facts) {
      const read = new PhasesRead(history);
      const judged = asFindings(data.judge(read, facts));
      const missing = read.missing();
      return missing === undefined ? judged : judged.map((finding) => misled(finding, missing));
    },
  };
}

/**
 * Adds the cause to a finding of a check that read a phase that is not in the record. If it saw nothing at all, it can't
 * pass.
 */
function misled(finding: Finding, { sentence, sawNothing }: { sentence: string; sawNothing: boolean }): Finding {
  if (finding.verdict === 'INCONCLUSIVE') return { usually: sentence, ...finding };
  if (finding.verdict === 'FAIL' || !sawNothing) return finding;
  return { ...finding, verdict: 'INCONCLUSIVE', usually: sentence };
}

/** @throws TypeError if a check returned something else. The check is then INCONCLUSIVE. */
function asFindings(judged: unknown): Finding[] {
  const { data, error } = findings.safeParse(judged);
  if (error)
    throw new TypeError(`judge() must return a list of findings, with at least one: ${z.prettifyError(error)}`);
  return data;
}
