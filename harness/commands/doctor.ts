import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Command } from 'commander';
import { print, printError } from '../base/print.ts';
import { SILENT } from '../report/reporters/reporter.ts';
import { runFolder } from '../report/run-folder.ts';
import { findingsTable, paint } from '../report/text/terminal.ts';
import { run } from '../run/run.ts';
import { worst } from '../verdict/finding.ts';
import type { RunResult, ScenarioResult } from '../verdict/run-result.ts';
import { describeContract } from './describe-contract.ts';
import { exitCodeOf, sayWhyNothingRan } from './exit-code.ts';
import { interruption } from './interruption.ts';
import { type LabFlags, labOptions, runOptions } from './lab-options.ts';

const SMOKE = 'stress/smoke';

/**
 * Implements `proofload doctor`, which checks that a contract describes the service and that the service can be tested.
 * If each call works, it also opens each breaker that recovers within seconds.
 */
export const doctor = (): Command =>
  labOptions(new Command('doctor'))
    .description(
      'Check a contract: which scenarios can judge the service, and whether the service matches the contract.',
    )
    .addHelpText(
      'after',
      '\nExit codes: 0 it matches, 99 it does not, 3 not known, or a required scenario can not be judged, 2 the contract is invalid, 1 no lab.',
    )
    .action(async (flags: LabFlags) => {
      const { judged, unmet, notJudged, outages } = await describeContract(flags);
      const results = [await tryScenarios(flags, 'doctor', [SMOKE])];
      if (results[0]?.verdict === 'PASS' && outages.length > 0) {
        print(`\nOpening each breaker: ${outages.join(', ')}`);
        results.push(await tryScenarios(flags, 'doctor-breakers', outages));
      }
      const verdicts = results.map(({ verdict }) => verdict);
      const verdict = worst([...verdicts, ...(unmet === '' ? [] : ['INCONCLUSIVE' as const])]);
      for (const result of results.filter((one) => one.verdict !== 'PASS')) await printLogs(flags, result);
      sayWhyNothingRan(results);
      const sentences = [`${ADVICE[worst(verdicts)]}.`, judged, unmet, notJudged];
      print(`\n${paint(verdict)}: ${sentences.filter(Boolean).join(' ')}`);
      process.exitCode = exitCodeOf(verdict, results);
    });

const ADVICE = {
  PASS: 'the service matches the contract and can be tested',
  FAIL: 'the service does not match the contract; change what the failed checks above name',
  INCONCLUSIVE: 'it is not known whether the service matches the contract',
};

/** Runs scenarios and prints their findings. */
const tryScenarios = (flags: LabFlags, name: string, scenarios: string[]): Promise<RunResult> =>
  run({
    ...runOptions(flags, scenarios),
    name,
    reporter: {
      ...SILENT,
      note: printError,
      scenarioEnds({ findings, notes = [] }) {
        print(findingsTable(findings));
        for (const note of notes) print(`note: ${note}`);
      },
    },
    signal: interruption(printError),
  });

/** Prints the paths of the service's logs and, if a breaker's lines were not found, similar lines. */
async function printLogs(flags: LabFlags, result: RunResult): Promise<void> {
  for (const scenario of result.scenarios) {
    const path = join(runFolder(flags.results, result), scenario.folder, 'service.log');
    print(`service log: ${path}`);
    if (!isNotLogged(scenario)) continue;
    const log = await readFile(path, 'utf8').catch(() => '');
    const lines = log.split('\n').filter((line) => ABOUT_BREAKERS.test(line));
    print(lines.length === 0 ? '  no log line mentions a breaker: remove "log" from the contract' : SIMILAR);
    for (const line of lines.slice(0, SHOWN)) print(`    ${line}`);
  }
}

const isNotLogged = ({ findings }: ScenarioResult): boolean =>
  findings.some(({ checker, verdict }) => checker === 'transitions-logged' && verdict === 'FAIL');

const ABOUT_BREAKERS = /breaker|circuit|half.?open/i;
const SIMILAR = '  log lines that "log" in the contract may mean:';

/** Maximum number of log lines to print. */
const SHOWN = 6;
