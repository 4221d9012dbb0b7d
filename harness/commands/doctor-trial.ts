import { join } from 'node:path';
import { readCase } from '../judge/judge-folder.ts';
import { progressOf } from '../report/reporters/index.ts';
import { SILENT } from '../report/reporters/reporter.ts';
import { runFolder } from '../report/run-folder.ts';
import { findingsTable } from '../report/text/terminal.ts';
import { run } from '../run/run.ts';
import type { RunOptions } from '../run/run-options.ts';
import { type Finding, worst } from '../verdict/finding.ts';
import type { RunResult, ScenarioResult } from '../verdict/run-result.ts';
import { otherFailures } from './doctor-other-failures.ts';
import { GRACE_MS } from './end-at-once.ts';
import type { Examining } from './examining.ts';
import { type LabFlags, runOptions } from './lab-options.ts';

/** Scenarios that `doctor` runs, and what it changes for them. */
export interface Trial {
  readonly name: string;
  readonly scenarios: readonly string[];
  /** Changes of the contract that apply to this run only. Defaults to none. */
  readonly changes?: RunOptions['changes'];
}

/** Runs scenarios and shows their progress. */
export async function runTrial(
  flags: LabFlags,
  { name, scenarios, changes }: Trial,
  signal: AbortSignal,
  ended: (result: ScenarioResult) => void = () => {},
): Promise<RunResult> {
  using display = progressOf();
  signal.addEventListener('abort', () => display[Symbol.dispose](), { once: true });
  const result = await run({
    ...runOptions(flags, scenarios),
    name,
    changes,
    reporter: {
      ...SILENT,
      note: (text) => display.note(text),
      step: (text) => display.step(text),
      runBegins: (plan) => display.plan(plan),
      scenarioBegins: (announced) => display.begin(announced),
      scenarioEnds(scenario) {
        display.clear();
        if (!signal.aborted) ended(scenario);
      },
    },
    signal,
    graceMs: GRACE_MS,
  });
  signal.throwIfAborted();
  return result;
}

/** Returns the recorded histories of a run's scenarios, with the facts needed to judge them. */
export const casesOf = ({ results }: LabFlags, result: RunResult) =>
  Promise.all(
    result.scenarios
      .filter(({ notRun }) => notRun === undefined)
      .map(({ folder }) => readCase(join(runFolder(results, result), folder))),
  );

/** Findings of trials, and notes about them. */
export interface Examination {
  readonly findings: (Finding & { scenario: string })[];
  readonly notes: string[];
  readonly results: RunResult[];
}

/** Prints what a scenario found, as soon as it has ended. Returns its notes. */
export function tellScenario(
  { scenario, findings, notes = [] }: ScenarioResult,
  { say }: Pick<Examining, 'say'>,
  counts: (finding: Finding) => boolean,
): string[] {
  const counted = findings.filter(counts);
  if (counted.length > 0) say(`${scenario}\n${findingsTable(counted)}`);
  const others = otherFailures(findings.filter((finding) => !counts(finding)));
  const all = others === undefined ? notes : [...notes, others];
  for (const note of all) say(`note: ${note}`);
  return [...all];
}

/** Adds a run to the report. Its verdict is that of the findings that count. */
export function addRun(examination: Examination, result: RunResult, counts: (finding: Finding) => boolean): void {
  const findings = result.scenarios.flatMap((scenario) =>
    scenario.findings.filter(counts).map((finding) => ({ scenario: scenario.scenario, ...finding })),
  );
  examination.findings.push(...findings);
  const isWhole = result.stopped === undefined && result.scenarios.every(({ notRun }) => notRun === undefined);
  const verdict = worst(findings.length === 0 ? ['PASS'] : findings.map((finding) => finding.verdict));
  examination.results.push(isWhole ? { ...result, verdict } : result);
}
