import { join } from 'node:path';
import { Command } from 'commander';
import { print, printError } from '../base/print.ts';
import { healthOf } from '../contract/contract.ts';
import { loadContract } from '../contract/load.ts';
import { findScenarios, SUITES } from '../contract/scenario-names.ts';
import { NOBODY } from '../report/live/watcher.ts';
import { runFolder } from '../report/run-folder.ts';
import { paint } from '../report/text/terminal.ts';
import { run } from '../run/run.ts';
import { loadScenario } from '../run/scenario.ts';
import type { Skipped } from '../run/skipped-scenario.ts';
import { coverageOf, notJudgedIn } from '../verdict/coverage.ts';
import { worst } from '../verdict/finding.ts';
import { exitCodeOf, sayWhyNothingRan } from './exit-code.ts';
import { interruption } from './interruption.ts';
import { contractFile, type LabFlags, labOptions, runOptions } from './lab-options.ts';

const SMOKE = 'stress/smoke';

/** `proofload doctor`: says whether a contract describes a service that can be tested. */
export const doctor = (): Command =>
  labOptions(new Command('doctor'))
    .description('Says whether a contract can work: what can be judged, and whether the service is as described.')
    .addHelpText(
      'after',
      '\nExit codes: 0 it can, 99 the service is not as described, 3 not known, or a required scenario is not judged, 2 the contract is invalid, 1 no lab.',
    )
    .action(async (flags: LabFlags) => {
      const coverage = await describeContract(flags);
      const watcher = { ...NOBODY, note: printError };
      const result = await run({
        ...runOptions(flags, [SMOKE]),
        name: 'doctor',
        say: print,
        watcher,
        signal: interruption(watcher),
      });
      const verdict = worst([result.verdict, ...(coverage.unmet === '' ? [] : ['INCONCLUSIVE' as const])]);
      if (result.verdict !== 'PASS')
        for (const { folder } of result.scenarios)
          print(`what the service said: ${join(runFolder(flags.results, result), folder, 'service.log')}`);
      sayWhyNothingRan([result]);
      const sentences = [`${ADVICE[result.verdict]}.`, coverage.judged, coverage.unmet, coverage.notJudged];
      print(`\n${paint(verdict)}: ${sentences.filter(Boolean).join(' ')}`);
      process.exitCode = exitCodeOf(verdict, [result]);
    });

const ADVICE = {
  PASS: 'the service is as the contract describes it, and can be tested',
  FAIL: 'the service is not as the contract describes it; change what the checks above name',
  INCONCLUSIVE: 'it could not be told whether the service is as the contract describes it',
};

/**
 * Prints which scenarios the contract can be held to, and for the others what it does not promise.
 *
 * @returns The same in sentences: how many can be judged, those that the contract requires and that can't, and what is not judged.
 */
async function describeContract(flags: LabFlags): Promise<{ judged: string; unmet: string; notJudged: string }> {
  const file = contractFile(flags);
  const contract = await loadContract(file, runOptions(flags, []));
  print(`${file}: a valid contract of "${contract.name}"\n`);
  const names = await findScenarios(SUITES);
  const skipped: Skipped[] = [];
  for (const name of names) {
    const scenario = await loadScenario(name, contract, flags.profile);
    if ('skipped' in scenario) skipped.push(scenario);
    print('skipped' in scenario ? `  –  ${name}: ${scenario.skipped}` : `  ✓  ${name}`);
  }
  if (healthOf(contract) === undefined)
    print('  –  whether it stays up while something is broken: no endpoint is said to be its health');
  print();
  const required = new Set(await findScenarios(contract.requires));
  const missing = skipped.filter(({ name }) => required.has(name));
  return {
    judged: `${names.length - skipped.length} of ${names.length} scenarios can judge it.`,
    unmet: missing.length === 0 ? '' : `Required, but can't be judged: ${missing.map(({ name }) => name).join(', ')}.`,
    notJudged: notJudgedIn(coverageOf({ scenarios: [], skipped }, names.length)),
  };
}
