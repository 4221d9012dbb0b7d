import type { Finding } from '../../verdict/finding.ts';
import type { RunResult, ScenarioResult } from '../../verdict/run-result.ts';
import { Markup, markup } from '../text/markup.ts';
import { problemText } from './problem-text.ts';

/**
 * Returns JUnit XML with a suite for each scenario and a case for each check. FAIL is reported as a failure, and
 * INCONCLUSIVE as an error. A skipped scenario has a single skipped case, or an error if it is required.
 */
export function junit(result: RunResult): string {
  const findings = result.scenarios.flatMap((scenario) => scenario.findings);
  const stopped = result.stopped !== undefined;
  const required = new Set(result.requires);
  const errors = (stopped ? 1 : 0) + result.skipped.filter(({ name }) => required.has(name)).length;
  const skipped = result.skipped.filter(({ name }) => !required.has(name)).length;
  return markup`<?xml version="1.0" encoding="UTF-8"?>
<testsuites name="proofload ${result.name}" ${totals(findings, { errors, skipped })} time="${result.seconds.toFixed(3)}">
${result.scenarios.map((scenario) => suite(scenario, result))}${result.skipped.map((scenario) => skippedSuite(scenario, required.has(scenario.name)))}${stopped && aborted(result)}</testsuites>
`.text;
}

function skippedSuite({ name, judges, skipped }: RunResult['skipped'][number], isRequired: boolean): Markup {
  const why = isRequired
    ? markup`<error message="required, but not judged: ${skipped}"/>`
    : markup`<skipped message="${skipped}"/>`;
  const sum = totals([], isRequired ? { errors: 1 } : { skipped: 1 });
  return markup`<testsuite name="${name}" ${sum} time="0"><testcase classname="${name.replace('/', '.')}" name="${judges}">${why}</testcase></testsuite>
`;
}

function suite(scenario: ScenarioResult, { started, seed }: RunResult): Markup {
  const { scenario: name, findings, seconds } = scenario;
  return markup`<testsuite name="${name}" ${totals(findings)} time="${seconds.toFixed(3)}" timestamp="${started.replace(/\.\d+Z$/, '')}">
<properties><property name="seed" value="${scenario.seed}"/><property name="seed of the run" value="${seed}"/></properties>
${findings.map((finding) => testCase(scenario, finding))}</testsuite>
`;
}

function testCase(scenario: ScenarioResult, finding: Finding): Markup {
  const { check, verdict, observed } = finding;
  const name = markup`classname="${scenario.scenario.replace('/', '.')}" name="${check}"`;
  if (verdict === 'PASS') return markup`<testcase ${name}/>\n`;
  const tag = new Markup(verdict === 'FAIL' ? 'failure' : 'error');
  return markup`<testcase ${name}><${tag} message="${observed}">${problemText(scenario, finding)}</${tag}></testcase>\n`;
}

/** Reports an additional error if a run was stopped early, so that missing scenarios don't appear to have passed. */
function aborted({ name, stopped }: RunResult): Markup {
  return markup`<testsuite name="${name}" ${totals([], { errors: 1 })}><testcase classname="${name}" name="run completed"><error message="${stopped}"/></testcase></testsuite>
`;
}

/** Counts the findings and any additional cases. */
function totals(findings: readonly Finding[], { errors = 0, skipped = 0 } = {}): Markup {
  const of = (verdict: Finding['verdict']) => findings.filter((finding) => finding.verdict === verdict).length;
  const tests = findings.length + errors + skipped;
  return markup`tests="${tests}" failures="${of('FAIL')}" errors="${of('INCONCLUSIVE') + errors}" skipped="${skipped}"`;
}
