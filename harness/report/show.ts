import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { count } from '../base/in-words.ts';
import { tallyOf } from '../verdict/coverage.ts';
import type { RunResult } from '../verdict/run-result.ts';
import { type Change, compareRuns, namesOf } from './compare.ts';
import type { PastRun } from './run-folder.ts';
import { notJudgedList } from './text/not-judged-list.ts';
import { promiseList } from './text/promise-list.ts';
import { runSummary } from './text/summary.ts';
import { paint, scenarioDetails, scenarioLine, scenarioTable } from './text/terminal.ts';

/** Describes in two lines how a past run was executed. */
export function describePastRun({
  name,
  started,
  service,
  profile,
  seed,
  engine,
  postgres,
  environment,
}: RunResult): string {
  const commit = environment.commit ? `, commit ${environment.commit.id.slice(0, 12)}` : '';
  return [
    `${name}, ${started}: ${service}, profile ${profile}, seed ${seed}${commit}`,
    `engine: ${engine.name} (${engine.version}); database: ${postgres}`,
    '',
  ].join('\n');
}

type Judgement = Parameters<typeof runSummary>[0];

/**
 * Returns a past run's scenarios and summary.
 *
 * @param verbose Whether to include tables of all checks and promises, and the list of what was not judged.
 */
export function showRun(folder: string, run: Judgement, verbose: boolean): string {
  const unjudged = verbose ? notJudgedList(run) : '';
  const promises = verbose ? promiseList(run) : '';
  const width = Math.max(0, ...run.scenarios.map(({ scenario }) => scenario.length));
  const explained = new Set<string>();
  const report = join(folder, 'report.html');
  return [
    ...run.scenarios.map((scenario) => {
      if (verbose) return scenarioTable(scenario, folder);
      return [scenarioLine(scenario, width), ...scenarioDetails(scenario, folder, explained)].join('\n');
    }),
    ...(unjudged === '' ? [] : ['', unjudged]),
    ...(promises === '' ? [] : ['', promises]),
    '',
    runSummary(run, existsSync(report) ? { report } : {}),
  ].join('\n');
}

/** Compares two past runs: their verdicts, their settings, and the checks that changed. */
export function showComparison(before: PastRun, after: PastRun): string {
  const changes = compareRuns(before.result, after.result);
  return [
    `before: ${line(before)}`,
    `after:  ${line(after)}`,
    ...differences(before, after),
    ...onlyIn('before', before, after),
    ...onlyIn('after', after, before),
    changes.length === 0 ? 'no verdict changed' : `${count(changes.length, 'check')} changed:`,
    ...changes.map(showChange),
  ].join('\n');
}

const line = ({ folder, result }: PastRun): string =>
  `${paint(result.verdict)}: ${tallyOf(result)}  ${result.name}  ${result.started}  ${result.seconds.toFixed(1)} s  ${folder}`;

function onlyIn(label: string, run: PastRun, other: PastRun): string[] {
  const known = namesOf(other.result);
  const why = (name: string) =>
    other.result.coverage.notJudged.find(({ scenarios }) => scenarios.some((scenario) => scenario.name === name))
      ?.because;
  const names = [...namesOf(run.result)].filter((name) => !known.has(name));
  const groups = [...Map.groupBy(names, (name) => why(name))];
  return groups.map(([because, of]) => {
    const reason = because === undefined ? '' : ` (not judged in the other, because ${because})`;
    return `only ${label}: ${of.join(', ')}${reason}`;
  });
}

/** Returns the settings that differ between the runs and may explain different verdicts. */
function differences({ result: a }: PastRun, { result: b }: PastRun): string[] {
  const made = {
    profile: [a.profile, b.profile],
    engine: [a.engine.version, b.engine.version],
    database: [a.postgres, b.postgres],
    commit: [a.environment.commit?.id, b.environment.commit?.id],
    node: [a.environment.node, b.environment.node],
  };
  return Object.entries(made).flatMap(([what, [was = 'none', is = 'none']]) =>
    was === is ? [] : [`${what} changed: ${was} → ${is}`],
  );
}

function showChange({ scenario, check, before, after }: Change): string {
  const verdict = (side: Change['before']) => (side ? paint(side.verdict) : 'absent');
  const seen = after ? `\n    now: ${after.observed}` : '';
  const was = before ? `\n    was: ${before.observed}` : '';
  return `  ${scenario}: ${check}: ${verdict(before)} → ${verdict(after)}${was}${seen}`;
}
