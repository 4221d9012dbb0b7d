import { join } from 'node:path';
import { count } from '../base/in-words.ts';
import { tallyOf } from '../verdict/coverage.ts';
import type { RunResult } from '../verdict/run-result.ts';
import { type Change, compareRuns, namesOf } from './compare.ts';
import type { PastRun } from './run-folder.ts';
import { notJudgedList } from './text/not-judged-list.ts';
import { problemsOf, summarize } from './text/summary.ts';
import { paint, scenarioTable } from './text/terminal.ts';

/** A past run for a terminal: what it was made with, each scenario's checks, and the verdict. */
export function showRun({ folder, result }: PastRun): string {
  const { name, started, service, profile, seed, engine, postgres, environment } = result;
  const commit = environment.commit ? `, commit ${environment.commit.id.slice(0, 12)}` : '';
  return [
    `${name}, ${started}: ${service}, profile ${profile}, seed ${seed}${commit}`,
    `engine: ${engine.name} (${engine.version}); database: ${postgres}`,
    ...result.scenarios.map((scenario) => scenarioTable(scenario, folder)),
    ...(result.coverage.notJudged.length > 0 ? [`\n${notJudgedList(result)}`] : []),
    `\nreport: ${join(folder, 'report.html')}`,
    `\n${paint(result.verdict)}: ${summarize(result)}`,
  ].join('\n');
}

/** Whatever did not pass, a line each. */
export const problemLines = (result: RunResult): string[] =>
  problemsOf(result).map(
    ({ scenario, finding: { check, verdict, expected, observed } }) =>
      `${paint(verdict)}  ${scenario.scenario}: ${check}: expected ${expected}; observed ${observed}`,
  );

/** Two past runs for a terminal: their verdicts, how they were made where that differs, and the checks that changed. */
export function showComparison(before: PastRun, after: PastRun): string {
  const changes = compareRuns(before.result, after.result);
  return [
    `before: ${line(before)}`,
    `after:  ${line(after)}`,
    ...differences(before, after),
    ...onlyIn('before', before, after),
    ...onlyIn('after', after, before),
    changes.length === 0 ? 'no check changed its verdict' : `${count(changes.length, 'check')} changed:`,
    ...changes.map(showChange),
  ].join('\n');
}

const line = ({ folder, result }: PastRun): string =>
  `${paint(result.verdict)}: ${tallyOf(result)}  ${result.name}  ${result.started}  ${result.seconds.toFixed(1)} s  ${folder}`;

function onlyIn(which: string, run: PastRun, other: PastRun): string[] {
  const known = namesOf(other.result);
  const why = (name: string) =>
    other.result.coverage.notJudged.find(({ scenarios }) => scenarios.some((one) => one.name === name))?.because;
  const names = [...namesOf(run.result)].filter((name) => !known.has(name));
  const groups = [...Map.groupBy(names, (name) => why(name))];
  return groups.map(([because, of]) => {
    const reason = because === undefined ? '' : ` (not judged in the other, because ${because})`;
    return `only ${which}: ${of.join(', ')}${reason}`;
  });
}

/** Whatever the runs were made with differently: it may be why they came to something else. */
function differences({ result: a }: PastRun, { result: b }: PastRun): string[] {
  const made = {
    profile: [a.profile, b.profile],
    engine: [a.engine.version, b.engine.version],
    database: [a.postgres, b.postgres],
    commit: [a.environment.commit?.id, b.environment.commit?.id],
    node: [a.environment.node, b.environment.node],
  };
  return Object.entries(made).flatMap(([what, [was = 'none', is = 'none']]) =>
    was === is ? [] : [`other ${what}: ${was} → ${is}`],
  );
}

function showChange({ scenario, check, before, after }: Change): string {
  const verdict = (side: Change['before']) => (side ? paint(side.verdict) : 'not there');
  const seen = after ? `\n    now: ${after.observed}` : '';
  const was = before ? `\n    was: ${before.observed}` : '';
  return `  ${scenario}: ${check}: ${verdict(before)} → ${verdict(after)}${was}${seen}`;
}
