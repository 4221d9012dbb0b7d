import { join } from 'node:path';
import { readCase } from '../judge/judge-folder.ts';
import { progressOf } from '../report/reporters/index.ts';
import { SILENT } from '../report/reporters/reporter.ts';
import { runFolder } from '../report/run-folder.ts';
import { scenarioLine } from '../report/text/terminal.ts';
import { run } from '../run/run.ts';
import type { RunOptions } from '../run/run-options.ts';
import { type Finding, worst } from '../verdict/finding.ts';
import type { RunResult, ScenarioResult } from '../verdict/run-result.ts';
import { otherFailures, willFailNote } from './doctor-other-failures.ts';
import { GRACE_MS } from './end-at-once.ts';
import type { Examining } from './examining.ts';
import { type LabFlags, runOptions } from './lab-options.ts';

/** Scenarios that `doctor` runs, and how it differs from a usual run. */
export interface Trial extends Pick<RunOptions, 'name' | 'scenarios' | 'changes' | 'isBrief' | 'labs'> {
  /** Called with each result. Defaults to nothing. */
  readonly ended?: (result: ScenarioResult) => void;
}

/** Runs scenarios and shows their progress. */
export async function runTrial(
  flags: LabFlags,
  { ended = () => {}, ...trial }: Trial,
  signal: AbortSignal,
): Promise<RunResult> {
  using display = progressOf();
  signal.addEventListener('abort', () => display[Symbol.dispose](), { once: true });
  const result = await run({
    ...runOptions(flags, trial.scenarios),
    ...trial,
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

/** Whether a finding says how the contract describes the service. */
export type Counts = (finding: Finding) => boolean;

/** Findings of trials, and notes about them. */
export interface Examination {
  readonly findings: (Finding & { scenario: string })[];
  readonly notes: string[];
  /** The names of checks that FAIL, but don't count. */
  readonly willFail: string[];
  readonly results: RunResult[];
}

/** Prints how a scenario ended. Returns its notes and the names of checks that FAIL, but don't count. */
export function tellScenario(
  scenario: ScenarioResult,
  { say, width }: Pick<Examining, 'say'> & { readonly width: number },
  counts: Counts,
): Pick<Examination, 'notes' | 'willFail'> {
  const { findings, notes = [] } = scenario;
  const willFail = otherFailures(findings.filter((finding) => !counts(finding)));
  const shown = willFail.length === 0 ? findings.filter(counts) : findings;
  const verdict = worst(shown.map((finding) => finding.verdict));
  say(scenarioLine({ ...scenario, findings: shown, verdict }, width));
  const all = [...notes, ...(willFail.length === 0 ? [] : [willFailNote(willFail)])];
  for (const note of all) say(`  note: ${note}`);
  return { notes: all, willFail };
}

/** Adds a run to the report. Its verdict is that of the findings that count. */
export function addRun(examination: Examination, result: RunResult, countsIn: (scenario: string) => Counts): void {
  const findings = result.scenarios.flatMap(({ scenario, findings: all }) =>
    all.filter(countsIn(scenario)).map((finding) => ({ scenario, ...finding })),
  );
  examination.findings.push(...findings);
  const isWhole = result.stopped === undefined && result.scenarios.every(({ notRun }) => notRun === undefined);
  const verdict = worst(findings.length === 0 ? ['PASS'] : findings.map((finding) => finding.verdict));
  examination.results.push(isWhole ? { ...result, verdict } : result);
}
