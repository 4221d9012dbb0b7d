import { join } from 'node:path';
import { about, count } from '../../base/in-words.ts';

import type { ScenarioResult } from '../../verdict/run-result.ts';
import type { Display } from '../live/display.ts';
import { repeatsTable } from '../repeats.ts';
import { summarizeRepeats } from '../summarize-repeats.ts';
import { notJudgedList } from '../text/not-judged-list.ts';
import { promiseList } from '../text/promise-list.ts';
import { interruptedLine, runSummary } from '../text/summary.ts';
import { paint, scenarioDetails, scenarioLine, scenarioTable } from '../text/terminal.ts';
import type { Reporter, RunPlan } from './reporter.ts';

export interface ListOptions {
  /** Writes to standard output. */
  print: (text: string) => void;
  /** Shows the progress. */
  display: Display;
  /** Whether to print tables of all checks and promises, and a list of what was not judged. */
  verbose?: boolean;
  /** Whether to omit scenarios that passed. */
  onlyProblems?: boolean;
}

/** Prints one line per scenario, the checks that did not pass, and a summary. */
export function listReporter({ print, display, verbose = false, onlyProblems = false }: ListOptions): Reporter {
  let plan: RunPlan | undefined;
  /** Hints that have already been printed. */
  const explained = new Set<string>();

  /** Which file could not be written. */
  let problem: string | undefined;
  const unwritten = () => (problem === undefined ? [] : [problem]);
  const reportOf = ({ folder }: RunPlan) => (problem === undefined ? { report: join(folder, 'report.html') } : {});

  const printScenario = (result: ScenarioResult): void => {
    const folder = plan?.folder ?? '';
    if (verbose) print(scenarioTable(result, folder));
    else if (result.verdict !== 'PASS' || !onlyProblems) {
      const details = scenarioDetails(result, folder, explained);
      print([scenarioLine(result, nameWidth(plan)), ...details].join('\n'));
    }
  };

  return {
    step: (text) => display.step(text),
    note: (text) => display.note(text),
    runBegins(begun) {
      plan = begun;
      display.clear();
      print(verbose ? describeRun(begun) : describeRunShortly(begun));
      display.plan(begun);
    },
    scenarioBegins: (announced) => display.begin(announced),
    scenarioEnds(result) {
      display.judged(result.findings.map(({ verdict }) => verdict));
      display.clear();
      printScenario(result);
    },
    runEnds(result) {
      display.clear();
      const lists = verbose ? [notJudgedList(result), promiseList(result)] : [];
      for (const list of lists) if (list !== '') print(`\n${list}`);
      const links = plan ? { ...reportOf(plan), again: plan.again } : {};
      print(`\n${[...unwritten(), runSummary(result, links)].join('\n')}`);
    },
    runInterrupted(result) {
      display.clear();
      print([...unwritten(), interruptedLine(result, plan ? reportOf(plan) : {})].join('\n'));
    },
    unwritten(message) {
      problem = message;
    },
    repeatsEnd(repeats) {
      if (repeats.runs.length === 0) return;
      print(`\n${repeatsTable(repeats)}`);
      print(`\n${paint(repeats.verdict)}: ${summarizeRepeats(repeats)}`);
    },
    [Symbol.dispose]: () => display[Symbol.dispose](),
  };
}

const nameWidth = (plan: RunPlan | undefined): number =>
  Math.max(0, ...(plan?.scenarios.map(({ name }) => name.length) ?? []));

/** Returns, for example, "my service (proofload.yaml): 18 scenarios, 3 at once, about 4 min; 2 skipped". */
function headline({ service, contract, scenarios, width, seconds, skipped, repetition }: RunPlan): string {
  const nth = repetition === undefined ? '' : `repeat ${repetition}: `;
  const atOnce = width > 1 ? `, ${width} at once` : '';
  const left = skipped > 0 ? `; ${skipped} skipped` : '';
  return `${nth}${service} (${contract}): ${count(scenarios.length, 'scenario')}${atOnce}, ${about(seconds)}${left}`;
}

const describeRunShortly = (plan: RunPlan): string =>
  [
    headline(plan),
    `profile ${plan.profile}, seed ${plan.seed}, engine ${plan.engine.name}, database: ${plan.postgres}`,
    '',
  ].join('\n');

const describeRun = (plan: RunPlan): string =>
  [
    headline(plan),
    `profile ${plan.profile}, seed ${plan.seed}`,
    `engine: ${plan.engine.name} (${plan.engine.version}); database: ${plan.postgres}`,
    `machine: ${plan.machine}`,
  ].join('\n');
