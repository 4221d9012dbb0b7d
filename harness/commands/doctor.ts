import { join } from 'node:path';
import { Command } from 'commander';
import { loadContract } from '../contract/load.ts';
import { healthOf } from '../contract.ts';
import { print, printError } from '../print.ts';
import { NOBODY } from '../report/live/watcher.ts';
import { runFolder } from '../report/run-folder.ts';
import { paint } from '../report/terminal.ts';
import { run } from '../run.ts';
import { findScenarios, loadScenario, SUITES } from '../scenario.ts';
import { interruption } from './interruption.ts';
import { contractFile, EXIT_OF, type LabFlags, labOptions, runOptions } from './lab-options.ts';

const SMOKE = 'stress/smoke';

/** `proofload doctor`: says whether a contract describes a service that can be tested. */
export const doctor = (): Command =>
  labOptions(new Command('doctor'))
    .description('Says whether a contract can work: what can be judged, and whether the service is as described.')
    .addHelpText(
      'after',
      '\nExit codes: 0 it can, 99 the service is not as described, 2 the contract is invalid, 1 no lab.',
    )
    .action(async (flags: LabFlags) => {
      await describeContract(flags);
      const watcher = { ...NOBODY, note: printError };
      const result = await run({
        ...runOptions(flags, [SMOKE]),
        name: 'doctor',
        say: print,
        watcher,
        signal: interruption(watcher),
      });
      const { verdict } = result;
      print(`\n${paint(verdict)}: ${ADVICE[verdict]}`);
      if (verdict !== 'PASS')
        for (const { folder } of result.scenarios)
          print(`what the service said: ${join(runFolder(flags.results, result), folder, 'service.log')}`);
      process.exitCode = EXIT_OF[verdict];
    });

const ADVICE = {
  PASS: 'the service is as the contract describes it, and can be tested',
  FAIL: 'the service is not as the contract describes it; change what the checks above name',
  INCONCLUSIVE: 'it could not be told whether the service is as the contract describes it',
};

/** Prints which scenarios the contract can be held to, and for the others what it does not promise. */
async function describeContract(flags: LabFlags): Promise<void> {
  const file = contractFile(flags);
  const contract = await loadContract(file, runOptions(flags, []));
  print(`${file}: a valid contract of "${contract.name}"\n`);
  for (const name of await findScenarios(SUITES)) {
    const scenario = await loadScenario(name, contract, flags.profile);
    print('skipped' in scenario ? `  –  ${name}: ${scenario.skipped}` : `  ✓  ${name}`);
  }
  if (healthOf(contract) === undefined)
    print('  –  whether it stays up while something is broken: no endpoint is said to be its health');
  print();
}
