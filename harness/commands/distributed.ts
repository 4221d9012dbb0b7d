import { existsSync } from 'node:fs';
import { basename, extname, join, resolve } from 'node:path';
import { Command, InvalidArgumentError, Option } from 'commander';
import { parsePair } from '../../engine/index.ts';
import { ProofloadError } from '../base/errors.ts';
import { print } from '../base/print.ts';
import { numbersOf } from '../contract/contract.ts';
import { settingsAhead } from '../contract/credentials.ts';
import { placeholdersIn } from '../contract/placeholders.ts';
import { requestTexts } from '../contract/request-texts.ts';
import { findScenario, findScenarios } from '../contract/scenario-names.ts';
import { scriptContext } from '../contract/script-context.ts';
import { UPSTREAM_PREFIX } from '../contract/upstream-problems.ts';
import { distribute as writeDistribution } from '../distributed/distribute.ts';
import { gather as gatherSamples } from '../distributed/gather.ts';
import { loadProject } from '../project/load-project.ts';
import { findingsTable, paint } from '../report/text/terminal.ts';
import { DEFAULTS } from '../run/again.ts';
import { clientPrefix } from '../run/client-addresses.ts';
import { worst } from '../verdict/finding.ts';
import { EXIT_OF } from './exit-code.ts';
import { type ContractFlags, contractFile, contractOptions } from './lab-options.ts';
import { setting } from './options.ts';

interface Flags extends ContractFlags {
  instances: number;
  env: Record<string, string>;
  image?: string;
  out?: string;
  profile: string;
  service?: string;
  lab?: string;
  labToken: string;
}

/** Implements `proofload distribute`, which writes the files needed to run a script on several machines. */
export const distribute = (): Command =>
  contractOptions(new Command('distribute'))
    .argument('<script>', 'a k6 script, or a scenario such as stress/rate-limits')
    .addOption(new Option('--instances <n>', 'number of machines').env('INSTANCES').default(2).argParser(count))
    .option('-e, --env <NAME=VALUE>', 'add a variable to __ENV', parsePair, {})
    .addOption(new Option('--image <name>', "k6's image (default: the operator's)").env('K6_IMAGE'))
    .option('--out <folder>', 'output folder (default: results/distributed/<script>)')
    .addOption(
      setting('--profile <name>', "for a scenario: a profile of the contract's numbers", 'PROFILE', DEFAULTS.PROFILE),
    )
    .addOption(
      new Option('--service <url>', 'for a scenario: the address of the service, as seen from the machines').env(
        'SERVICE',
      ),
    )
    .addOption(
      new Option('--lab <url>', "for a scenario: the address of the lab's control API, as seen from the machines").env(
        'LAB',
      ),
    )
    .addOption(
      new Option('--lab-token <token>', 'for a scenario: the token of the control API').env('LAB_TOKEN').default(''),
    )
    .action(async (asked: string, flags: Flags) => {
      const { script, env } = existsSync(asked) ? { script: asked, env: flags.env } : await ofScenario(asked, flags);
      const folder = flags.out ?? join('results', 'distributed', basename(script, extname(script)));
      await writeDistribution({ script, env, folder, instances: flags.instances, image: flags.image });
      print(`Wrote ${folder}. Its README.md explains how to run it.`);
    });

/** Returns a scenario's script and the context that the harness would normally pass to it. */
async function ofScenario(name: string, flags: Flags): Promise<{ script: string; env: Record<string, string> }> {
  const contract = await loadProject(contractFile(flags));
  const breakers = Object.keys(contract.breakers);
  const [scenario = ''] = await findScenarios([name], breakers);
  const { script, breaker } = await findScenario(scenario, breakers);
  const { service, lab, labToken } = flags;
  if (service === undefined || lab === undefined) {
    throw new ProofloadError(
      'USAGE',
      `${name} is a scenario, so it needs --service and --lab: the addresses of the service and the control API`,
    );
  }
  if (requestTexts(contract).some(({ text }) => placeholdersIn(text).some((one) => one.startsWith(UPSTREAM_PREFIX)))) {
    throw new ProofloadError(
      'USAGE',
      `${name} can't be distributed: its requests contain addresses of upstreams, which only the lab knows`,
    );
  }
  const reached = {
    services: [service],
    lab: { url: lab, token: labToken },
    clientPrefix: clientPrefix(contract.client, 0),
  };
  const numbers = numbersOf(contract, flags.profile);
  const told = scriptContext(contract, numbers, reached, settingsAhead(contract, numbers), breaker);
  return { script: script.path, env: { PROOFLOAD: JSON.stringify(told), ...flags.env } };
}

/** Implements `proofload gather`, which judges a script's thresholds using the samples from all instances. */
export const gather = (): Command =>
  new Command('gather')
    .argument('<folder>', 'a folder that proofload distribute wrote')
    .argument('<samples...>', 'the JSON output of each instance')
    .addHelpText(
      'after',
      '\nExit codes: 0 all thresholds hold, 99 a threshold fails, 3 a threshold or an instance has no samples.',
    )
    .action(async (folder: string, files: string[]) => {
      const { findings, seconds } = await gatherSamples(resolve(folder), files);
      const verdict = worst(findings.map((finding) => finding.verdict));
      print(findingsTable(findings));
      print(`\n${paint(verdict)}  ${files.length} instances, ${seconds.toFixed(1)} s`);
      process.exitCode = EXIT_OF[verdict];
    });

function count(text: string): number {
  const value = Number(text);
  if (Number.isInteger(value) && value >= 1 && value <= 1_000) return value;
  throw new InvalidArgumentError('allowed: a whole number from 1 to 1000');
}
