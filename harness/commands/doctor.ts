import { join } from 'node:path';
import { Command } from 'commander';
import { print, printError } from '../base/print.ts';
import { healthOf } from '../contract/contract.ts';
import { loadContract } from '../contract/load.ts';
import { profileHints } from '../contract/profile-hints.ts';
import { findScenarios } from '../contract/scenario-names.ts';
import { SUITES } from '../contract/scenario-scripts.ts';
import { SILENT } from '../report/reporters/reporter.ts';
import { runFolder } from '../report/run-folder.ts';
import { findingsTable, paint } from '../report/text/terminal.ts';
import { run } from '../run/run.ts';
import { loadScenario } from '../run/scenario.ts';
import type { Skipped } from '../run/skipped-scenario.ts';
import { coverageOf, notJudgedIn } from '../verdict/coverage.ts';
import { worst } from '../verdict/finding.ts';
import { exitCodeOf, sayWhyNothingRan } from './exit-code.ts';
import { interruption } from './interruption.ts';
import { contractFile, type LabFlags, labOptions, runOptions } from './lab-options.ts';

const SMOKE = 'stress/smoke';

/**
 * Implements `proofload doctor`, which checks that a contract describes the service and that the service can be tested.
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
      const coverage = await describeContract(flags);
      const result = await run({
        ...runOptions(flags, [SMOKE]),
        name: 'doctor',
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
      const verdict = worst([result.verdict, ...(coverage.unmet === '' ? [] : ['INCONCLUSIVE' as const])]);
      if (result.verdict !== 'PASS')
        for (const { folder } of result.scenarios)
          print(`service log: ${join(runFolder(flags.results, result), folder, 'service.log')}`);
      sayWhyNothingRan([result]);
      const sentences = [`${ADVICE[result.verdict]}.`, coverage.judged, coverage.unmet, coverage.notJudged];
      print(`\n${paint(verdict)}: ${sentences.filter(Boolean).join(' ')}`);
      process.exitCode = exitCodeOf(verdict, [result]);
    });

const ADVICE = {
  PASS: 'the service matches the contract and can be tested',
  FAIL: 'the service does not match the contract; change what the failed checks above name',
  INCONCLUSIVE: 'it is not known whether the service matches the contract',
};

/**
 * Prints which scenarios can judge a service with this contract, and why the others can't.
 *
 * @returns The same information in sentences: how many scenarios can judge it, which required ones can't, and what is
 * not judged.
 */
async function describeContract(flags: LabFlags): Promise<{ judged: string; unmet: string; notJudged: string }> {
  const file = contractFile(flags);
  const contract = await loadContract(file, runOptions(flags, []));
  print(`${file}: a valid contract of "${contract.name}"\n`);
  const breakers = Object.keys(contract.breakers);
  const names = await findScenarios(SUITES, breakers);
  const skipped: Skipped[] = [];
  for (const name of names) {
    const scenario = await loadScenario(name, contract, flags.profile);
    if ('skipped' in scenario) skipped.push(scenario);
    print('skipped' in scenario ? `  –  ${name}: ${scenario.skipped}` : `  ✓  ${name}`);
  }
  if (healthOf(contract) === undefined) print('  –  health during outages: the contract names no health endpoint');
  for (const hint of profileHints(contract, flags.profile)) print(`  !  ${hint}`);
  print();
  const required = new Set(await findScenarios(contract.requires, breakers));
  const missing = skipped.filter(({ name }) => required.has(name));
  return {
    judged: `${names.length - skipped.length} of ${names.length} scenarios can judge it.`,
    unmet: missing.length === 0 ? '' : `Required, but can't be judged: ${missing.map(({ name }) => name).join(', ')}.`,
    notJudged: notJudgedIn(coverageOf({ scenarios: [], skipped }, names.length)),
  };
}
