import { count } from '../base/in-words.ts';
import { patternOf } from '../contract/promises.ts';
import { type CoveredPromise, isJudged, isProved } from '../verdict/promise-coverage.ts';

/** Maximum number of names to list in a text. verdict.json has all of them. */
const NAMED = 3;

/** Promises of the same kind with the same outcome. A contract can have a thousand endpoints. */
export interface PromiseGroup {
  /** Its name, such as `breakers.llm.refusal`, or `breakers.*.refusal` if there are several. */
  readonly title: string;
  /** The names that "*" stands for. Empty if there is only one promise. */
  readonly names: readonly string[];
  readonly verdict: CoveredPromise['verdict'];
  /** How many checks there were, and where; or why it was not judged. */
  readonly why: string;
  /** The scenarios that judged it, or, if none did, those that could. */
  readonly scenarios: readonly string[];
  /** By which mutant it was proved, and when. */
  readonly proved: string;
}

/** The promises in one part of the contract, such as its endpoints. */
export interface PromisePart {
  readonly part: string;
  readonly all: number;
  readonly judged: number;
  readonly proved: number;
  readonly groups: readonly PromiseGroup[];
}

/** Returns the promises by the part of the contract that they are in: first those that were not judged. */
export function partsOfPromises(promises: readonly CoveredPromise[]): PromisePart[] {
  return [...Map.groupBy(promises, ({ promise }) => promise[0] ?? '')].map(([part, own]) => {
    const groups = [...Map.groupBy(own, kindOf).values()].map(groupOf);
    return {
      part,
      all: own.length,
      judged: own.filter(isJudged).length,
      proved: own.filter((promise) => isJudged(promise) && isProved(promise)).length,
      groups: groups.toSorted((a, b) => rank(a) - rank(b)),
    };
  });
}

const rank = ({ verdict }: PromiseGroup): number => [undefined, 'FAIL', 'PASS'].indexOf(verdict);

const patternIn = ({ promise }: CoveredPromise): readonly string[] => patternOf(promise) ?? promise;

/** The parts that must be equal in a group. The number of checks may differ. */
const kindOf = (promise: CoveredPromise): string =>
  JSON.stringify([
    patternIn(promise),
    promise.promise[0] === 'profiles' && promise.promise[1],
    promise.verdict,
    promise.because,
    provedOf(promise),
  ]);

function groupOf(own: readonly CoveredPromise[]): PromiseGroup {
  const [first] = own as [CoveredPromise];
  const isAlone = own.length === 1;
  const scenarios = [...new Set(own.flatMap((promise) => promise.scenarios))];
  const pattern = patternIn(first);
  // The profile is part of the title, and no name.
  const isName = (index: number) => pattern[index] === '*' && !(index === 1 && pattern[0] === 'profiles');
  const title = first.promise.map((part, index) => (isName(index) && !isAlone ? '*' : part)).join('.');
  return {
    title,
    names: isAlone ? [] : own.map(({ promise }) => promise.filter((_, index) => isName(index)).join('.')),
    verdict: first.verdict,
    why: first.because ?? checksOf(own, scenarios),
    scenarios,
    proved: provedOf(first),
  };
}

function checksOf(own: readonly CoveredPromise[], scenarios: readonly string[]): string {
  const checks = own.reduce((sum, promise) => sum + promise.checks, 0);
  return `${count(checks, 'check')} in ${scenarios.length === 1 ? scenarios[0] : `${scenarios.length} scenarios`}`;
}

function provedOf({ proved }: CoveredPromise): string {
  if (!proved) return 'not proved';
  const { at, mutant, commit, outdated } = proved;
  const when = `${at.slice(0, 10)}${commit === undefined ? '' : `, commit ${commit.slice(0, 7)}`}`;
  return `proved by ${mutant} (${when})${outdated === undefined ? '' : `, which is outdated: ${outdated}`}`;
}

/** Returns the title of a group with its first names, such as `breakers.*.refusal (llm, memory)`. */
export const titleWith = ({ title, names }: PromiseGroup): string =>
  names.length === 0 ? title : `${title} (${fewOf(names)})`;

/** Returns the first of some names, and how many more there are. */
export function fewOf(names: readonly string[]): string {
  const more = names.length > NAMED ? ` and ${names.length - NAMED} more` : '';
  return `${names.slice(0, NAMED).join(', ')}${more}`;
}
