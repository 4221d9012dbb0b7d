import { BUILT_IN, CHECKERS, WIRE_MUTANTS } from '../checkers/index.ts';
import type { Skipped } from '../run/skipped-scenario.ts';
import type { Proved, ProvedPair } from '../verdict/proved.ts';
import type { ScenarioResult } from '../verdict/run-result.ts';

interface Known {
  /** The checkers that passed without mutants. */
  readonly passed: ReadonlySet<string>;
  /** What was judged without mutants. */
  readonly scenarios: readonly Pick<ScenarioResult, 'findings' | 'notApplicable'>[];
  readonly pairs: readonly ProvedPair[];
  readonly skipped: readonly Skipped[];
  /** Whether only some of the scenarios were requested. */
  readonly isPart: boolean;
  /** Whether the command was stopped before all mutants were tried. */
  readonly isStopped: boolean;
}

/**
 * Returns the checkers that were not proved, each with the reason: it did not pass or could not decide, no mutant exists
 * for it, its mutants had nothing to act on, or the contract does not promise what it judges.
 */
export function whyUnprovable(judged: readonly string[], known: Known): Proved['unprovable'] {
  const { pairs, scenarios, skipped, isPart } = known;
  const acted = new Set(pairs.filter(({ outcome }) => outcome !== 'impossible').map(({ checker }) => checker));
  const ofJudged = judged
    .filter((checker) => !acted.has(checker))
    .map((checker) => ({ checker, why: whyOf(checker, known) }));
  const reasons = new Map(
    scenarios.flatMap(({ notApplicable = [] }) => notApplicable.map(({ checker, reason }) => [checker, reason])),
  );
  const idle = [...reasons]
    .filter(([checker]) => !judged.includes(checker))
    .map(([checker, reason]) => ({ checker, why: `it has nothing to judge: ${reason}` }));
  // The scenarios that were not requested may judge the others.
  if (isPart || skipped.length === 0) return [...ofJudged, ...idle];
  const others = Object.keys(CHECKERS).filter((checker) => !judged.includes(checker) && !reasons.has(checker));
  return [...ofJudged, ...idle, ...others.flatMap(notPromised)];
}

const NOT_PASSED = 'it did not pass without mutants';

function whyOf(checker: string, { passed, scenarios, pairs, isStopped }: Known): string {
  const { noWireMutant } = builtIn(checker) ?? {};
  if (noWireMutant !== undefined) return noWireMutant;
  if (!passed.has(checker)) {
    const open = scenarios
      .flatMap(({ findings }) => findings)
      .find((one) => one.checker === checker && one.verdict === 'INCONCLUSIVE');
    return open ? `it could not decide without mutants: ${open.check}: ${open.observed}` : NOT_PASSED;
  }
  const own = pairs.filter((pair) => pair.checker === checker);
  if (own.length === 0) {
    return isStopped && mutantsOf(checker).length > 0
      ? 'stopped before it was tried'
      : 'there is no wire mutant for it yet';
  }
  return [...new Set(own.map(({ mutant, why }) => `${mutant}: ${why}`))].join('; ');
}

/** Lists the lines of the contract without which a check has nothing to judge. */
function notPromised(checker: string): Proved['unprovable'] {
  const own = builtIn(checker)?.needs;
  const needs = own === undefined ? mutantsOf(checker).flatMap((one) => one.needs ?? []) : [own];
  const lines = [...new Set(needs)].map((line) => `\`${line}\``).join(' or ');
  if (lines === '') return [];
  return [{ checker, why: `it was not judged; it may need ${lines} in the contract` }];
}

const mutantsOf = (checker: string) => WIRE_MUTANTS.filter(({ turnsRed }) => turnsRed.includes(checker));

const builtIn = (checker: string) => BUILT_IN.find(({ name }) => name === checker);
