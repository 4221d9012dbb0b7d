import { count } from '../../base/in-words.ts';
import { causesOf } from '../../verdict/causes.ts';
import { type Judged, notJudgedIn, stoppedIn, tallyOf, unmetIn } from '../../verdict/coverage.ts';
import { countVerdicts, type Verdict } from '../../verdict/finding.ts';
import type { RunResult } from '../../verdict/run-result.ts';
import { paint, whatWasSeen } from './terminal.ts';
import { titled } from './wrap.ts';

/**
 * Summarizes a run in a few sentences: how much was judged, the results, what was not judged, and whether the run was
 * stopped.
 */
export function summarize(run: Judged): string {
  return [`${tallyOf(run)}.`, stoppedIn(run), unmetIn(run), notJudgedIn(run.coverage)].filter(Boolean).join(' ');
}

/** The path to a run's report, and the command that reruns everything that did not pass. */
export interface Links {
  report?: string;
  again?: string;
}

/** Maximum number of names to list for the slowest scenarios and for a cause's scenarios. */
const NAMED = 3;

/** Maximum number of causes to list in the summary. */
const CAUSES = 5;

type Summarized = Judged & Pick<RunResult, 'verdict'> & { seconds?: number };

/**
 * Returns the end of a run's output: common causes, counts and times, the report, the next command, and the verdict.
 */
export function runSummary(run: Summarized, { report, again }: Links): string {
  const bad = run.scenarios.filter(({ verdict }) => verdict !== 'PASS');
  const command = bad.length === 1 ? bad[0]?.again : again;
  return [
    ...causeLines(run),
    ...titled('Scenarios: ', scenarioCounts(run), 0),
    ...(report === undefined ? [] : [`Report:    ${report}`]),
    ...(command !== undefined && bad.length > 0 && run.scenarios.length > 1 ? [`Run again: ${command}`] : []),
    ...titled(`${paint(run.verdict)}: `, summarize(run), 0, Number.POSITIVE_INFINITY),
  ].join('\n');
}

/**
 * Returns the only line about a run that the user ended: how long it took, and how many scenarios had passed and failed
 * by then. Interrupted scenarios say nothing about the service.
 */
export function interruptedLine(
  { scenarios, skipped, coverage, seconds, verdict, stopped = 'interrupted' }: RunResult,
  { report }: Links,
): string {
  const { PASS, FAIL } = countVerdicts(scenarios);
  const all = count(coverage.asked - skipped.length, 'scenario');
  const ended = `${PASS} of ${all} had passed${FAIL > 0 ? `, ${FAIL} failed` : ''}`;
  const link = report === undefined ? '' : ` Report: ${report}`;
  return `${paint(verdict)}: ${stopped} after ${seconds.toFixed(1)} s, when ${ended}.${link}`;
}

/** What a scenario with a verdict did. */
export const WORDS: Record<Verdict, string> = { PASS: 'passed', FAIL: 'failed', INCONCLUSIVE: 'inconclusive' };

/** Returns, for example, "16 passed, 2 failed in 212 s; slowest: chaos/isolation 40.1 s, …". */
function scenarioCounts({ scenarios, seconds }: Summarized): string {
  const counts = Object.entries(countVerdicts(scenarios)).flatMap(([verdict, n]) =>
    n > 0 ? [`${n} ${WORDS[verdict as Verdict]}`] : [],
  );
  const slowest = scenarios
    .toSorted((a, b) => b.seconds - a.seconds)
    .slice(0, NAMED)
    .map((scenario) => `${scenario.scenario} ${scenario.seconds.toFixed(1)} s`);
  const total = seconds === undefined ? '' : ` in ${seconds.toFixed(1)} s`;
  const named = scenarios.length > NAMED ? `; slowest: ${slowest.join(', ')}` : '';
  return `${counts.join(', ') || 'none'}${total}${named}`;
}

/**
 * Returns a line for each of the most important causes if more than one scenario did not pass. The first cause also has
 * its expected and observed values.
 */
function causeLines({ scenarios: all }: Summarized): string[] {
  if (all.filter(({ verdict }) => verdict !== 'PASS').length < 2) return [];
  const causes = causesOf(all);
  const lines = causes.slice(0, CAUSES).flatMap(({ title, verdict, findings, followers, mayFollow }, index) => {
    const names = [...new Set(findings.map(({ scenario }) => scenario.scenario))];
    const rest = names.length > NAMED ? ` and ${names.length - NAMED} more` : '';
    const happens = verdict === 'FAIL' ? 'fails' : 'is inconclusive';
    const places =
      names.length === 1 ? names[0] : `${names.length} scenarios (${names.slice(0, NAMED).join(', ')}${rest})`;
    const rests = followers.length > 0 ? `, and ${count(followers.length, 'other check')} because of it` : '';
    const source = mayFollow === causes[0]?.title ? 'the first one' : `"${mayFollow}"`;
    const from = mayFollow === undefined ? '' : `; may follow from ${source}`;
    const first = index === 0 ? findings[0] : undefined;
    return [
      ...titled('- ', `${title} ${happens} in ${places}${rests}${from}`, 2),
      ...(first ? whatWasSeen(first.finding) : []),
    ];
  });
  const more = causes.length > CAUSES ? [`  … and ${causes.length - CAUSES} more`] : [];
  return ['Likely causes, most important first:', ...lines, ...more, ''];
}
