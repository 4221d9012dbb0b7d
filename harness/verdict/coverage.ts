import { count } from '../base/in-words.ts';
import { likelyInWords } from '../contract/likely-promises.ts';
import { type Verdict, worst } from './finding.ts';
import { promiseTally } from './promise-coverage.ts';
import type { RunResult, ScenarioResult } from './run-result.ts';

type Coverage = RunResult['coverage'];

/** Maximum number of groups and names in one line of text. The report and verdict.json list all of them. */
const [GROUPS_SHOWN, NAMES_SHOWN] = [2, 3];

/** Whether at least one check passed or failed. An INCONCLUSIVE check says nothing about the service. */
const isJudged = ({ findings }: ScenarioResult): boolean => findings.some(({ verdict }) => verdict !== 'INCONCLUSIVE');

/**
 * Returns how many of the requested scenarios were judged, and why the others were not.
 *
 * @param requested Number of requested scenarios. If the run was stopped, it has not started all of them.
 */
export function coverageOf(
  { scenarios, skipped }: Pick<RunResult, 'scenarios' | 'skipped'>,
  requested: number,
): Coverage {
  const unproved = scenarios.filter((scenario) => !isJudged(scenario));
  const missing = [
    ...skipped.map(({ name, judges, skipped: because, unpromised }) => ({ name, judges, because, unpromised })),
    ...unproved.map(({ scenario: name, judges, notRun: because = 'none of its checks could decide' }) => {
      return { name, judges, because, unpromised: undefined };
    }),
  ];
  const groups = [...Map.groupBy(missing, ({ because }) => because)].map(([because, of]) => ({
    because,
    ...(of.every(({ unpromised }) => unpromised) && { unpromised: true as const }),
    scenarios: of.map(({ name, judges }) => ({ name, judges })),
  }));
  return {
    asked: requested,
    judged: scenarios.length - unproved.length,
    checks: scenarios.reduce((sum, { findings }) => sum + findings.length, 0),
    notJudged: groups.sort((a, b) => b.scenarios.length - a.scenarios.length),
  };
}

/** Returns the required scenarios that were not judged, with the reasons. */
export function unmet({ requires, scenarios, coverage }: Judged): { name: string; because: string }[] {
  const judged = new Set(scenarios.filter(isJudged).map(({ scenario }) => scenario));
  return requires
    .filter((name) => !judged.has(name))
    .map((name) => {
      const group = coverage.notJudged.find((candidate) => candidate.scenarios.some((each) => each.name === name));
      return { name, because: group?.because ?? 'the run ended before reaching it' };
    });
}

/** The parts of a run that determine its verdict. */
export type Judged = Pick<RunResult, 'scenarios' | 'requires' | 'coverage' | 'stopped'>;

/**
 * Returns the worst verdict of all scenarios. A run that was stopped, or that did not judge a required scenario, can't
 * PASS.
 */
export function verdictOf(run: Judged): Verdict {
  const isOpen = run.stopped !== undefined || unmet(run).length > 0;
  return worst([...run.scenarios.map(({ verdict }) => verdict), ...(isOpen ? ['INCONCLUSIVE' as const] : [])]);
}

/** Returns how much of what the contract promises was judged, for example "3 of 27 scenarios judged, 41 checks: 2 failed; 12 of 57 promises judged, 3 proved". */
export function tallyOf({ scenarios, coverage }: Pick<Judged, 'scenarios' | 'coverage'>) {
  const { judged, checks } = coverage;
  const verdicts = scenarios.flatMap(({ findings }) => findings.map(({ verdict }) => verdict));
  const of = (verdict: Verdict) => verdicts.filter((other) => other === verdict).length;
  const [failed, unproved] = [of('FAIL'), of('INCONCLUSIVE')];
  const bad = [...(failed > 0 ? [`${failed} failed`] : []), ...(unproved > 0 ? [`${unproved} inconclusive`] : [])];
  const counted = `${judged} of ${count(judgeableIn(coverage), 'scenario')} judged, ${count(checks, 'check')}${bad.length > 0 ? `: ${bad.join(', ')}` : ''}`;
  const promises = promiseTally(coverage);
  return promises === undefined ? counted : `${counted}; ${promises}`;
}

/**
 * Describes in one line what was not judged although the contract promises it, and how much the contract does not
 * promise. Returns an empty string if everything was judged.
 */
export function notJudgedIn({ notJudged, likely = [] }: Coverage): string {
  const promised = notJudged.filter(({ unpromised }) => !unpromised);
  const shown = promised.slice(0, GROUPS_SHOWN).map(({ scenarios, because }) => `${few(scenarios)} because ${because}`);
  const rest = numberIn(promised.slice(GROUPS_SHOWN));
  const reasons = [...shown, ...(rest > 0 ? [`${rest} more for other reasons`] : [])].join('; ');
  const lacking = numberIn(unpromisedIn(notJudged));
  return [
    ...(reasons === '' ? [] : [`Not judged: ${reasons}.`]),
    ...(lacking === 0
      ? []
      : [`${count(lacking, 'scenario')} ${lacking === 1 ? 'needs' : 'need'} ${UNPROMISED}: proofload list.`]),
    ...(lacking === 0 || likely.length === 0 ? [] : [`Likely promises to add: ${likelyInWords(likely)}.`]),
  ].join(' ');
}

/** Returns how many of the requested scenarios the contract makes a promise for. */
export const judgeableIn = ({ asked, notJudged }: Coverage): number => asked - numberIn(unpromisedIn(notJudged));

const UNPROMISED = 'promises that this contract does not make';

const unpromisedIn = (notJudged: Coverage['notJudged']): Coverage['notJudged'] =>
  notJudged.filter(({ unpromised }) => unpromised);

const numberIn = (groups: Coverage['notJudged']): number =>
  groups.reduce((sum, { scenarios }) => sum + scenarios.length, 0);

function few(scenarios: Coverage['notJudged'][number]['scenarios']): string {
  const names = scenarios.map(({ judges }) => judges);
  if (names.length <= NAMES_SHOWN + 1) return names.join(', ');
  return `${names.slice(0, NAMES_SHOWN).join(', ')} and ${names.length - NAMES_SHOWN} more`;
}

/** Lists the required scenarios that were not judged in one line. Returns an empty string if there are none. */
export function unmetIn(run: Judged): string {
  const missing = unmet(run).map(({ name, because }) => `${name} because ${because}`);
  return missing.length === 0 ? '' : `Required, but not judged: ${missing.join('; ')}.`;
}

/** Returns a sentence that explains why the run was stopped, or an empty string if it was not. */
export const stoppedIn = ({ stopped }: Pick<Judged, 'stopped'>): string =>
  stopped === undefined ? '' : `The run was stopped early: ${stopped}.`;
