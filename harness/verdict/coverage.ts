import { count } from '../base/in-words.ts';
import { type Verdict, worst } from './finding.ts';
import type { RunResult, ScenarioResult } from './run-result.ts';

type Coverage = RunResult['coverage'];

/** Groups and names in one line of text; all of them are in the report and in verdict.json. */
const [GROUPS_SHOWN, NAMES_SHOWN] = [2, 3];

/** Whether at least one of its checks decided: an INCONCLUSIVE one says nothing of the service. */
const isJudged = ({ findings }: ScenarioResult): boolean => findings.some(({ verdict }) => verdict !== 'INCONCLUSIVE');

/**
 * What of all that was asked for a run has judged, and why it has not judged the rest.
 *
 * @param asked How many scenarios were asked for; a run that was stopped has not begun some of them.
 */
export function coverageOf({ scenarios, skipped }: Pick<RunResult, 'scenarios' | 'skipped'>, asked: number): Coverage {
  const unproved = scenarios.filter((one) => !isJudged(one));
  const missing = [
    ...skipped.map(({ name, judges, skipped: because }) => ({ name, judges, because })),
    ...unproved.map(({ scenario: name, judges, notRun: because = 'none of its checks could decide' }) => {
      return { name, judges, because };
    }),
  ];
  const groups = [...Map.groupBy(missing, ({ because }) => because)].map(([because, of]) => ({
    because,
    scenarios: of.map(({ name, judges }) => ({ name, judges })),
  }));
  return {
    asked,
    judged: scenarios.length - unproved.length,
    checks: scenarios.reduce((sum, { findings }) => sum + findings.length, 0),
    notJudged: groups.sort((a, b) => b.scenarios.length - a.scenarios.length),
  };
}

/** Scenarios that have to be judged and are not, each with why. */
export function unmet({ requires, scenarios, coverage }: Judged): { name: string; because: string }[] {
  const judged = new Set(scenarios.filter(isJudged).map(({ scenario }) => scenario));
  return requires
    .filter((name) => !judged.has(name))
    .map((name) => {
      const group = coverage.notJudged.find((one) => one.scenarios.some((each) => each.name === name));
      return { name, because: group?.because ?? 'the run did not come to it' };
    });
}

/** What a verdict rests on. */
export type Judged = Pick<RunResult, 'scenarios' | 'requires' | 'coverage' | 'stopped'>;

/**
 * The worst verdict of the scenarios; no PASS if the run was stopped, or has not judged a scenario that it has to
 * judge.
 */
export function verdictOf(run: Judged): Verdict {
  const isOpen = run.stopped !== undefined || unmet(run).length > 0;
  return worst([...run.scenarios.map(({ verdict }) => verdict), ...(isOpen ? ['INCONCLUSIVE' as const] : [])]);
}

/** How much was judged, as "3 of 27 scenarios, 41 checks: 2 failed, 1 inconclusive". */
export function tallyOf({ scenarios, coverage: { judged, asked, checks } }: Pick<Judged, 'scenarios' | 'coverage'>) {
  const verdicts = scenarios.flatMap(({ findings }) => findings.map(({ verdict }) => verdict));
  const of = (verdict: Verdict) => verdicts.filter((one) => one === verdict).length;
  const [failed, unproved] = [of('FAIL'), of('INCONCLUSIVE')];
  const bad = [...(failed > 0 ? [`${failed} failed`] : []), ...(unproved > 0 ? [`${unproved} inconclusive`] : [])];
  return `${judged} of ${count(asked, 'scenario')}, ${count(checks, 'check')}${bad.length > 0 ? `: ${bad.join(', ')}` : ''}`;
}

/** What was not judged and why, in one line; empty if all of it was judged. */
export function notJudgedIn({ notJudged }: Coverage): string {
  if (notJudged.length === 0) return '';
  const shown = notJudged
    .slice(0, GROUPS_SHOWN)
    .map(({ scenarios, because }) => `${few(scenarios)} because ${because}`);
  const rest = notJudged.slice(GROUPS_SHOWN).reduce((sum, { scenarios }) => sum + scenarios.length, 0);
  return `Not judged: ${[...shown, ...(rest > 0 ? [`${rest} more for other reasons`] : [])].join('; ')}.`;
}

function few(scenarios: Coverage['notJudged'][number]['scenarios']): string {
  const names = scenarios.map(({ judges }) => judges);
  if (names.length <= NAMES_SHOWN + 1) return names.join(', ');
  return `${names.slice(0, NAMES_SHOWN).join(', ')} and ${names.length - NAMES_SHOWN} more`;
}

/** Scenarios that have to be judged and are not, in one line; empty if there are none. */
export function unmetIn(run: Judged): string {
  const missing = unmet(run).map(({ name, because }) => `${name} because ${because}`);
  return missing.length === 0 ? '' : `Required, but not judged: ${missing.join('; ')}.`;
}

/** That a run was stopped, and why; empty if it came to its end. */
export const stoppedIn = ({ stopped }: Pick<Judged, 'stopped'>): string =>
  stopped === undefined ? '' : `The run was stopped before its end: ${stopped}.`;
