import { join } from 'node:path';
import { count } from '../../base/in-words.ts';
import { styled } from '../../base/print.ts';
import { type Cause, causesOf, countFollowers } from '../../verdict/causes.ts';
import type { Finding, Verdict } from '../../verdict/finding.ts';
import type { ScenarioResult } from '../../verdict/run-result.ts';
import { checkPagePath } from './check-page.ts';
import { notApplicableIn, remarksIn } from './remarks.ts';
import { drawTable, shareColumns } from './table.ts';
import { titled } from './wrap.ts';

const STYLES: Record<Verdict, Parameters<typeof styled>[0]> = {
  PASS: 'green',
  FAIL: ['bold', 'red'],
  INCONCLUSIVE: ['bold', 'yellow'],
};

/** Formats a verdict in its color for `print`, padded to `width`. */
export const paint = (verdict: Verdict, width = 0): string =>
  `${styled(STYLES[verdict], verdict)}${' '.repeat(Math.max(0, width - verdict.length))}`;

type Shown = Pick<
  ScenarioResult,
  'scenario' | 'verdict' | 'findings' | 'notApplicable' | 'notes' | 'measuredAgain' | 'seconds' | 'again' | 'folder'
>;

const VERDICT_WIDTH = 'INCONCLUSIVE'.length;

/** Number of evidence lines to show. The report contains all of them. */
const EVIDENCE_SHOWN = 5;

/** Formats a scenario in one line: verdict, name, checks and seconds. The name is padded to `width`. */
export function scenarioLine({ scenario, verdict, findings, seconds }: Shown, width: number): string {
  return `${paint(verdict, VERDICT_WIDTH)}  ${scenario.padEnd(width)}  ${seconds.toFixed(1).padStart(5)} s  ${checksIn(findings)}`;
}

/** Returns, for example, "28 checks" or "28 checks: 2 failed, 1 inconclusive". */
function checksIn(findings: readonly Finding[]): string {
  const of = (wanted: Verdict) => findings.filter(({ verdict }) => verdict === wanted).length;
  const bad = [
    ...(of('FAIL') > 0 ? [`${of('FAIL')} failed`] : []),
    ...(of('INCONCLUSIVE') > 0 ? [`${of('INCONCLUSIVE')} inconclusive`] : []),
  ];
  return `${count(findings.length, 'check')}${bad.length > 0 ? `: ${bad.join(', ')}` : ''}`;
}

/**
 * Describes a scenario's checks that did not pass, causes first, with its folder and the command to run it again.
 * Returns an empty list if all checks passed.
 *
 * @param explained Hints and notes that have already been printed. New ones are added, so that each is printed once per run.
 */
export function scenarioDetails(result: Shown, runFolder: string, explained = new Set<string>()): string[] {
  const notes = notesIn({ ...result, notes: result.notes?.filter((note) => !explained.has(note)) ?? [] });
  for (const note of result.notes ?? []) explained.add(note);
  if (result.verdict === 'PASS') return notes;
  return [
    ...notes,
    ...causesOf([result]).flatMap((cause) => causeDetails(cause, explained)),
    `  logs: ${join(runFolder, result.folder)}`,
    `  run again: ${result.again}`,
  ];
}

const notesIn = (result: Shown): string[] => remarksIn(result).flatMap((note) => titled('note: ', note, 2));

/** A line about a cause: its title, and its text. */
type Fact = readonly [title: string, text: string];

/**
 * Describes a cause: what was expected and observed, what it usually means, and what follows from it.
 *
 * @param explained As for `scenarioDetails`.
 * @param facts Further lines, which come first. Defaults to none.
 */
export function causeDetails(
  { findings, followers }: Pick<Cause, 'findings' | 'followers'>,
  explained: Set<string>,
  facts: readonly Fact[] = [],
): string[] {
  const [first, ...others] = findings.map(({ finding }) => finding);
  if (!first) return [];
  const { check, verdict, usually, checker } = first;
  const hint = usually !== undefined && !explained.has(usually) ? usually : undefined;
  if (hint !== undefined) explained.add(hint);
  const page = checkPagePath(checker);
  return [
    `  ${paint(verdict)}  ${check}`,
    ...facts.flatMap(([title, text]) => titled(title, text, 4)),
    ...whatWasSeen(first),
    ...(hint === undefined ? [] : titled('usually:  ', hint, 4)),
    ...(hint === undefined || page === undefined ? [] : titled('page:     ', page, 4)),
    ...(others.length === 0 ? [] : titled('also:     ', namesOf(others), 4)),
    ...(followers.length === 0 ? [] : titled('and ', followersIn(followers), 4)),
  ];
}

/** Returns what a check expected and observed, with the first lines of its evidence. */
export function whatWasSeen({ expected, observed, evidence = [], traces = [] }: Finding): string[] {
  const more = evidence.length - EVIDENCE_SHOWN;
  const spans = traces.reduce((sum, trace) => sum + trace.spans, 0);
  return [
    ...titled('expected: ', expected, 4),
    ...titled('observed: ', observed, 4),
    ...evidence.slice(0, EVIDENCE_SHOWN).flatMap((line) => titled('- ', line, 8)),
    ...(more > 0 ? [`        … and ${count(more, 'line')} more in the report`] : []),
    ...(spans > 0 ? titled('traces:   ', `${count(spans, 'span')} of its requests are in the report`, 4) : []),
  ];
}

/** Maximum number of checks to list after a cause. */
const NAMED = 3;

function namesOf(findings: readonly Finding[]): string {
  const more = findings.length - NAMED;
  const names = findings.slice(0, NAMED).map(({ check }) => check);
  return `${names.join('; ')}${more > 0 ? ` and ${more} more` : ''}`;
}

function followersIn(followers: Cause['followers']): string {
  return `${countFollowers({ followers })}: ${namesOf(followers.map(({ finding }) => finding))}`;
}

/**
 * Returns a scenario's line, followed by a table of all its checks with the expected and observed values, and those that
 * have nothing to judge in this contract.
 */
export function scenarioTable(result: Shown, runFolder: string): string {
  const links = [`  logs: ${join(runFolder, result.folder)}`, `  run again: ${result.again}`];
  const table = findingsTable(result.findings);
  const others = notApplicableIn(result).flatMap((line) => titled('not applicable: ', line, 2));
  return [
    '',
    scenarioLine(result, 0),
    table,
    ...others,
    ...notesIn(result),
    ...(result.verdict === 'PASS' ? [] : links),
  ].join('\n');
}

/** Returns a table of checks with the expected and observed values and the verdicts, as wide as the terminal. */
export function findingsTable(findings: readonly Finding[]): string {
  return drawTable({
    head: ['check', 'expected', 'observed', 'verdict'],
    widths: shareColumns([{ part: 1 }, { part: 1.2 }, { part: 1.2 }, { fixed: VERDICT_WIDTH }]),
    rows: findings.map(({ check, expected, observed, verdict, evidence = [] }) => {
      const shown = verdict === 'PASS' ? [observed] : [observed, ...evidence.slice(0, EVIDENCE_SHOWN)];
      return [check, expected, shown.join('\n'), verdict];
    }),
    styleLast: (text) => (text in STYLES ? paint(text as Verdict) : text),
  });
}
