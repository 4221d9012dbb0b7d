import { keyOf, type PromisePath } from '../contract/promise-path.ts';
import { promiseAt } from '../contract/promises.ts';
import type { Finding } from './finding.ts';
import type { PromiseProof } from './proved.ts';
import type { RunResult, ScenarioResult } from './run-result.ts';

/** A promise of the contract and its outcome in a run. */
export type CoveredPromise = NonNullable<RunResult['coverage']['promises']>[number];

/** The known facts about the promises of a run before it is judged. */
export interface Promised {
  readonly promises: readonly PromisePath[];
  /** The scenarios that check a promise, by the key of its path. Absent if unknown. */
  readonly scenarios: ReadonlyMap<string, readonly string[]>;
  /** Returns the proof of a promise that was judged by these checks. */
  proofOf(promise: PromisePath, checks: readonly PromiseCheck[]): PromiseProof | undefined;
}

export interface PromiseCheck {
  readonly scenario: string;
  readonly finding: Finding;
}

type Run = Pick<RunResult, 'scenarios' | 'skipped'>;

/** Maximum number of scenarios to name in a reason. */
const NAMED = 3;

/**
 * Returns each promise with its verdict, or the reason why it was not judged: a promise is judged if at least one check
 * of it passed or failed. Numbers of other profiles are added if a scenario judges them.
 */
export function coverPromises(run: Run, { promises, scenarios, proofOf }: Promised): CoveredPromise[] {
  const checks = checksByPromise(run);
  const others = [...checks.keys(), ...scenarios.keys()].filter(isOfOtherProfile);
  const keys = new Set([...promises.map(keyOf), ...others]);
  return [...keys].map((key): CoveredPromise => {
    const promise: PromisePath = JSON.parse(key);
    const of = checks.get(key) ?? [];
    const proved = proofOf(promise, of);
    const decided = of.filter(({ finding }) => finding.verdict !== 'INCONCLUSIVE');
    const proof = proved && { proved };
    if (decided.length === 0) {
      const known = scenarios.get(key);
      return { promise, because: whyNot(run, of, known), checks: 0, scenarios: [...(known ?? [])], ...proof };
    }
    return {
      promise,
      verdict: decided.some(({ finding }) => finding.verdict === 'FAIL') ? 'FAIL' : 'PASS',
      checks: decided.length,
      scenarios: [...new Set(decided.map(({ scenario }) => scenario))],
      ...proof,
    };
  });
}

/** Returns promises with other proofs. */
export function withProofs(
  run: Run,
  promises: readonly CoveredPromise[],
  proofOf: Promised['proofOf'],
): CoveredPromise[] {
  const checks = checksByPromise(run);
  return promises.map(({ proved: _, ...rest }) => {
    const proved = proofOf(rest.promise, checks.get(keyOf(rest.promise)) ?? []);
    return { ...rest, ...(proved && { proved }) };
  });
}

const isOfOtherProfile = (key: string): boolean => key.startsWith('["profiles",') && !key.startsWith('["profiles","*"');

function checksByPromise({ scenarios }: Pick<Run, 'scenarios'>): Map<string, PromiseCheck[]> {
  const found = new Map<string, PromiseCheck[]>();
  for (const { scenario, findings } of scenarios) {
    for (const finding of findings) {
      for (const key of judgedBy(finding)) {
        const same = found.get(key);
        if (same) same.push({ scenario, finding });
        else found.set(key, [{ scenario, finding }]);
      }
    }
  }
  return found;
}

/** Returns the keys of the promises that a check judges. A check that names two parts of a promise judges it once. */
function judgedBy({ promises = [] }: Finding): Set<string> {
  const whole = promises.map(promiseAt).filter((path) => path !== undefined);
  return new Set(whole.map(keyOf));
}

/**
 * Returns why a promise was not judged, to complete "because …". The first reason that applies is the most specific
 * one.
 */
function whyNot(run: Run, undecided: readonly PromiseCheck[], known: readonly string[] | undefined): string {
  const [first, ...more] = undecided;
  if (first) {
    const rest = more.length > 0 ? `, and ${more.length} more` : '';
    return `its checks could not decide: ${first.finding.check} (${first.scenario})${rest}`;
  }
  if (known === undefined) return 'no recorded event concerns it';
  const results = run.scenarios.filter(({ scenario }) => known.includes(scenario));
  const notRun = results.find((result) => result.notRun !== undefined);
  if (notRun) return `${notRun.scenario} could not be set up`;
  if (results.length > 0) return `${named(results.map(scenarioOf))} did not reach a check of it`;
  const skipped = run.skipped.find(({ name }) => known.includes(name));
  if (skipped) return `${skipped.name} was skipped: ${skipped.skipped}`;
  if (known.length === 0) return 'no known scenario judges it with this contract';
  return 'the scenarios that judge it did not run';
}

const scenarioOf = ({ scenario }: ScenarioResult): string => scenario;

function named(scenarios: readonly string[]): string {
  const names = scenarios.slice(0, NAMED).join(', ');
  return scenarios.length > NAMED ? `${names} and ${scenarios.length - NAMED} more` : names;
}

/** Returns, for example, "41 of 57 promises judged, 12 proved", or undefined if the promises are unknown. */
export function promiseTally({ promises }: RunResult['coverage']): string | undefined {
  if (promises === undefined) return undefined;
  const judged = promises.filter(isJudged);
  const proved = judged.filter(isProved).length;
  return `${judged.length} of ${promises.length} promises judged, ${proved} proved`;
}

/** Whether at least one check of a promise passed or failed. */
export const isJudged = ({ verdict }: CoveredPromise): boolean => verdict !== undefined;

/** Whether a check of a promise has noticed a defect of this service, with this contract. */
export const isProved = ({ proved }: CoveredPromise): boolean => proved !== undefined && proved.outdated === undefined;
