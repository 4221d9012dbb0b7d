import { BUILT_IN, CHECKERS, WIRE_MUTANTS } from '../checkers/index.ts';
import type { Skipped } from '../run/skipped-scenario.ts';
import type { Proved, ProvedPair } from '../verdict/proved.ts';
import type { ScenarioResult } from '../verdict/run-result.ts';

/** A skipped scenario, and the source of its script, which names the checkers that it would have applied. */
export interface SkippedScript extends Skipped {
  readonly source: string;
}

interface Known {
  /** The checkers that passed without mutants. */
  readonly passed: ReadonlySet<string>;
  /** The results without mutants. */
  readonly scenarios: readonly Pick<ScenarioResult, 'findings' | 'notApplicable'>[];
  readonly pairs: readonly ProvedPair[];
  readonly skipped: readonly SkippedScript[];
  /** Whether the contract has a line. */
  isPromised(line: string): boolean;
  /** Whether only some of the scenarios were requested. */
  readonly isPart: boolean;
  /** Whether the command was stopped before all mutants were tried. */
  readonly isStopped: boolean;
}

/**
 * Returns the checkers that were not proved, each with the reason: it failed or could not decide, no mutant exists for it,
 * its mutants had nothing to act on, its scenario was skipped, or the contract does not promise what it judges.
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
  return [...ofJudged, ...idle, ...others.flatMap((checker) => notJudged(checker, known))];
}

function whyOf(checker: string, { passed, scenarios, pairs, isStopped }: Known): string {
  const { noWireMutant } = builtIn(checker) ?? {};
  if (noWireMutant !== undefined) return noWireMutant;
  if (!passed.has(checker)) {
    const own = scenarios.flatMap(({ findings }) => findings).filter((finding) => finding.checker === checker);
    const failed = own.find(({ verdict }) => verdict === 'FAIL');
    if (failed) return `it fails without mutants: ${failed.check}: ${failed.observed}`;
    const open = own.find(({ verdict }) => verdict === 'INCONCLUSIVE');
    return open
      ? `it is undecided without mutants: ${open.check}: ${open.observed}`
      : 'it did not pass without mutants';
  }
  const own = pairs.filter((pair) => pair.checker === checker);
  if (own.length === 0) {
    return isStopped && mutantsOf(checker).length > 0
      ? 'stopped before it was tried'
      : 'there is no wire mutant for it yet';
  }
  return [...new Set(own.map(({ mutant, why }) => `${mutant}: ${why}`))].join('; ');
}

/** Says which skipped scenarios would have applied a check, or which lines of the contract it needs. */
function notJudged(checker: string, { skipped, isPromised }: Known): Proved['unprovable'] {
  const skips = skipped.filter(({ source }) => source.includes(`'${checker}'`));
  if (skips.length > 0) {
    const reasons = skips.map(({ name, skipped: why }) => `${name} was skipped: ${why}`);
    return [{ checker, why: `it was not judged; ${reasons.slice(0, SHOWN).join('; ')}` }];
  }
  const own = builtIn(checker)?.needs;
  const needs = own === undefined ? mutantsOf(checker).flatMap((mutant) => mutant.needs ?? []) : [own];
  const lines = [...new Set(needs)]
    .filter((line) => !isPromised(line))
    .map((line) => `\`${line}\``)
    .join(' or ');
  if (lines === '') return [];
  return [{ checker, why: `it was not judged; it may need ${lines} in the contract` }];
}

/** Maximum number of skipped scenarios to name. */
const SHOWN = 2;

const mutantsOf = (checker: string) => WIRE_MUTANTS.filter(({ turnsRed }) => turnsRed.includes(checker));

const builtIn = (checker: string) => BUILT_IN.find(({ name }) => name === checker);
