import { EXIT } from '../base/errors.ts';
import { count } from '../base/in-words.ts';
import { print, printError, printJson } from '../base/print.ts';
import { USUAL_SUITES } from '../contract/scenario-scripts.ts';
import { prove as proveChecks } from '../prove/prove.ts';
import { provedLines, triedLines } from '../prove/table.ts';
import type { Display } from '../report/live/display.ts';
import { backgroundProgress, createReporter } from '../report/reporters/index.ts';
import { SILENT } from '../report/reporters/reporter.ts';
import { unprovedPromises } from '../report/text/promise-list.ts';
import { paint } from '../report/text/terminal.ts';
import { promiseTally } from '../verdict/promise-coverage.ts';
import { isOpenPair } from '../verdict/proved.ts';
import type { RunResult } from '../verdict/run-result.ts';
import { exitCodeOf, sayWhyNothingRan } from './exit-code.ts';
import { interruption } from './interruption.ts';
import { type LabFlags, runOptions } from './lab-options.ts';

/** Implements `proofload prove`, which shows whether the checks would notice a defect of this service. */
export async function proveScenarios(requested: string[], flags: LabFlags & { json?: boolean }): Promise<void> {
  const say = flags.json ? () => {} : print;
  let [tried, all] = [0, 0];
  using reporter = flags.json ? { ...SILENT, note: printError } : createReporter({ reporter: 'list' });
  using displays = new DisposableStack();
  let proving: Display | undefined;
  const note = (text: string) => (proving ?? reporter).note(text);
  const signal = interruption(note);
  const result = await proveChecks({
    ...runOptions(flags, requested.length > 0 ? requested : USUAL_SUITES),
    name: 'prove',
    reporter: { ...reporter, note },
    signal,
    onRound: (round, runs) => {
      // The run without mutants is over.
      reporter[Symbol.dispose]();
      proving ??= displays.use(backgroundProgress());
      proving.clear();
      say(`\n${round > 1 ? 'then ' : ''}with mutants: ${count(runs, 'run')} of scenarios`);
      [tried, all] = [0, runs];
    },
    onTried: (scenario, pairs) => {
      tried += 1;
      proving?.clear();
      const [summary, ...checks] = triedLines(scenario, pairs);
      for (const line of [`${tried} of ${all}  ${summary}`, ...checks]) say(line);
      proving?.step(`${tried} of ${count(all, 'run')} with mutants done`);
    },
  });
  sayWhyNothingRan([result]);
  if (flags.json) printJson(result.proved);
  else if (signal.aborted && result.proved?.stopped !== undefined) {
    // Before that, the reporter has said so.
    if (proving) print(`${paint('INCONCLUSIVE')}: ${signal.reason}, when ${tried} of ${count(all, 'run')} had ended`);
  } else if (result.proved) {
    for (const line of ['', ...provedLines(result.proved)]) print(line);
    for (const line of [unprovedPromises(result), promiseTally(result.coverage)]) if (line) print(line);
  }
  process.exitCode = exitCodeOfProof(result);
}

/** Returns the exit code for what `proofload prove` found out. */
export function exitCodeOfProof(result: RunResult): number {
  const own = exitCodeOf(result.verdict, [result]);
  if (own !== EXIT.pass) return own;
  const { pairs = [], stopped } = result.proved ?? {};
  const isOpen = pairs.some(isOpenPair);
  return isOpen || stopped !== undefined ? EXIT.inconclusive : EXIT.pass;
}
