import type { PhaseTag } from '../../contract/phases.ts';
import type { PromisePath } from '../../contract/promise-path.ts';
import type { History } from '../../history/history.ts';
import type { Finding } from '../../verdict/finding.ts';
import type { BuiltInChecker, Facts } from './checker.ts';
import type { Said } from './retry-after.ts';

/** The refusals of one part of a service that promises their answer. */
interface Refusals {
  readonly check: string;
  readonly promises: readonly PromisePath[];
  /** Returns them, as the script has recorded them. */
  in(history: History): readonly Said[];
}

/**
 * Defines a checker for the type and the body of refusals (`refusalAnswer`). The script notes why a refusal is not as
 * promised, in words.
 */
export const refusalAnswers = (
  checker: Pick<BuiltInChecker, 'name' | 'restsOn' | 'without'>,
  refusalsOf: (facts: Facts) => readonly Refusals[],
): BuiltInChecker => ({
  ...checker,
  usually: 'The refusal has another type, an empty body or another code than the contract promises.',
  fix: 'Send the promised body in the code that refuses, before any default page of the server or the library.',
  cases: (facts) => refusalsOf(facts).map(({ check, promises }) => ({ check, promises })),
  judge: (history, facts) =>
    refusalsOf(facts).map((refusals): Finding => {
      const all = refusals.in(history);
      const wrong = all.flatMap(({ tags: { lacks } }) => lacks ?? []);
      const phases = [...new Set(all.flatMap(({ tags: { phase } }) => phase ?? []))];
      const limits = [...new Set(all.flatMap(({ tags: { limit } }) => limit ?? []))];
      return {
        check: refusals.check,
        requests: [...phases.map((phase) => ({ phase: phase as PhaseTag })), ...limits.map((limit) => ({ limit }))],
        expected: 'each refusal has the type and the body that `refusalAnswer` promises',
        observed: `${wrong.length} of ${all.length} refusals wrong${wrong.length > 0 ? `: ${wrong[0]}` : ''}`,
        evidence: [...new Set(wrong)].slice(1, SHOWN),
        verdict: wrong.length > 0 ? 'FAIL' : all.length > 0 ? 'PASS' : 'INCONCLUSIVE',
      };
    }),
});

/** Maximum number of different reasons to show. */
const SHOWN = 5;
