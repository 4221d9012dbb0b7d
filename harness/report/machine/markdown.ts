import { visible } from '../../base/controls.ts';
import { count } from '../../base/in-words.ts';
import { type Problem, problemsOf } from '../../verdict/causes.ts';
import { stoppedIn, tallyOf, unmetIn } from '../../verdict/coverage.ts';
import { countVerdicts } from '../../verdict/finding.ts';
import { isJudged } from '../../verdict/promise-coverage.ts';
import { provedIn } from '../../verdict/proved.ts';
import type { RunResult, ScenarioResult } from '../../verdict/run-result.ts';
import { partsOfPromises, titleWith } from '../promise-groups.ts';

/** Maximum number of problems to list, because a job summary should be short. */
const SHOWN = 20;
const SIGNS = { PASS: '✅', FAIL: '❌', INCONCLUSIVE: '⚠️' } as const;

/**
 * Returns a run as Markdown for a pull request or job summary: failures with their commands, followed by a row per
 * scenario.
 */
export function markdown(result: RunResult): string {
  const problems = problemsOf(result.scenarios);
  const { name, verdict, profile, seed, engine, environment, scenarios, coverage, proved } = result;
  const commit = environment.commit ? `, commit ${environment.commit.id.slice(0, 12)}` : '';
  const rows = scenarios.map((scenario) => {
    const held = countVerdicts(scenario.findings).PASS;
    const checks = `${held} of ${scenario.findings.length}`;
    return `| ${SIGNS[scenario.verdict]} ${scenario.verdict} | ${text(scenario.scenario)} | ${checks} | ${scenario.seconds.toFixed(1)} s |`;
  });
  return [
    `## ${SIGNS[verdict]} ${verdict}: proofload ${text(name)}`,
    text([`${tallyOf(result)}.`, stoppedIn(result), unmetIn(result)].filter(Boolean).join(' ')),
    ...(proved ? [text(`${provedIn(proved)}.`)] : []),
    ...problems.slice(0, SHOWN).map(problem),
    ...(problems.length > SHOWN ? [`… and ${problems.length - SHOWN} more, in the report.`] : []),
    ...(coverage.notJudged.length > 0 ? [notJudged(coverage)] : []),
    ...unjudgedPromises(coverage),
    ['| verdict | scenario | checks that held | time |', '| --- | --- | --- | --- |', ...rows].join('\n'),
    `<sub>profile ${text(profile)}, seed ${seed}, engine ${text(engine.name)}${commit}</sub>`,
  ]
    .join('\n\n')
    .concat('\n');
}

function problem({ scenario, finding }: Problem<ScenarioResult>): string {
  return [
    `**${SIGNS[finding.verdict]} ${text(finding.check)}** in \`${code(scenario.scenario)}\``,
    '',
    `- expected: ${text(finding.expected)}`,
    `- observed: **${text(finding.observed)}**`,
    `- again: \`${code(scenario.again)}\``,
  ].join('\n');
}

/** Returns a table of the scenarios that were not judged, with one row per reason. */
function notJudged({ notJudged: groups }: RunResult['coverage']): string {
  const rows = groups.map(({ because, scenarios }) => {
    const names = scenarios.map(({ name, judges }) => `${text(judges)} (\`${code(name)}\`)`);
    return `| ${names.join(', ')} | ${text(because)} |`;
  });
  return ['| not judged | because |', '| --- | --- |', ...rows].join('\n');
}

/** Returns a collapsed table of the promises that were not judged, with one row per reason. */
function unjudgedPromises({ promises = [] }: RunResult['coverage']): string[] {
  const groups = partsOfPromises(promises.filter((promise) => !isJudged(promise))).flatMap((part) => part.groups);
  if (groups.length === 0) return [];
  const rows = [...Map.groupBy(groups, ({ why }) => why)].map(([why, own]) => {
    const names = own.slice(0, SHOWN).map((group) => text(titleWith(group)));
    return `| ${names.join(', ')}${own.length > SHOWN ? ` and ${own.length - SHOWN} more` : ''} | ${text(why)} |`;
  });
  const more = rows.length > SHOWN ? [`| … | ${rows.length - SHOWN} more reasons, in the report |`] : [];
  const table = ['| promises not judged | because |', '| --- | --- |', ...rows.slice(0, SHOWN), ...more].join('\n');
  const title = `${promises.filter((promise) => !isJudged(promise)).length} of ${count(promises.length, 'promise')} not judged`;
  return [`<details><summary>${title}</summary>\n\n${table}\n\n</details>`];
}

/** Escapes text for Markdown and joins its lines. */
const text = (raw: string): string =>
  visible(raw.replace(/\s+/g, ' ')).replace(/[\\`*_[\]<>#|@~&!]/g, (character) => `&#${character.charCodeAt(0)};`);

/** Prepares text for use between backticks, which it must not contain. */
const code = (raw: string): string => visible(raw.replace(/\s+/g, ' ')).replaceAll('`', "'");
