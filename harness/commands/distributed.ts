import { stat } from 'node:fs/promises';
import { basename, extname, join, resolve } from 'node:path';
import { Command, InvalidArgumentError, Option } from 'commander';
import { parsePair } from '../../engine/index.ts';
import { ProofloadError } from '../base/errors.ts';
import { print } from '../base/print.ts';
import { isScenarioName } from '../contract/scenario-names.ts';
import { distribute as writeDistribution } from '../distributed/distribute.ts';
import { gather as gatherSamples } from '../distributed/gather.ts';
import { findingsTable, paint } from '../report/text/terminal.ts';
import { worst } from '../verdict/finding.ts';
import { EXIT_OF } from './exit-code.ts';

interface Flags {
  instances: number;
  env: Record<string, string>;
  image?: string;
  out?: string;
}

/** Implements `proofload distribute`, which writes the files needed to run a script on several machines. */
export const distribute = (): Command =>
  new Command('distribute')
    .argument('<script>', 'the file of a k6 script')
    .addOption(new Option('--instances <n>', 'number of machines').env('INSTANCES').default(2).argParser(count))
    .addOption(
      new Option('-e, --env <NAME[=VALUE]>', 'add a variable to __ENV, without VALUE from the environment')
        .argParser(variable)
        .default({}, 'none'),
    )
    .addOption(new Option('--image <name>', "k6's image (default: the operator's)").env('K6_IMAGE'))
    .option('--out <folder>', 'output folder (default: results/distributed/<script>)')
    .action(async (script: string, { instances, env, image, out }: Flags) => {
      await assertScript(script);
      const folder = out ?? join('results', 'distributed', basename(script, extname(script)));
      await writeDistribution({ script, env, folder, instances, image });
      print(`Wrote ${folder}. Its README.md explains how to run it.`);
    });

/** @throws ProofloadError NOT_DISTRIBUTABLE for the name of a scenario, or USAGE if there is no such file */
async function assertScript(path: string): Promise<void> {
  if ((await stat(path).catch(() => undefined))?.isFile()) return;
  if (await isScenarioName(path)) {
    throw new ProofloadError(
      'NOT_DISTRIBUTABLE',
      `${path} is a scenario of proofload, and only k6 scripts can be distributed: the checks of a scenario need the history of its lab`,
    );
  }
  throw new ProofloadError('USAGE', `${path} does not exist; allowed: the file of a k6 script`);
}

/** Implements `proofload gather`, which judges a script's thresholds using the samples from all instances. */
export const gather = (): Command =>
  new Command('gather')
    .argument('<folder>', 'a folder that proofload distribute wrote')
    .argument('[samples...]', 'the samples of each instance (default: the files samples-*.json in the folder)')
    .addHelpText(
      'after',
      '\nExit codes: 0 all thresholds hold, 99 a threshold fails, 3 a threshold has no samples, or something is missing.',
    )
    .action(async (folder: string, files: string[]) => {
      const gathered = await gatherSamples(resolve(folder), files.length > 0 ? files : undefined);
      const { findings, run, instances, samples, iterations, seconds } = gathered;
      const verdict = worst(findings.map((finding) => finding.verdict));
      print(findingsTable(findings));
      const seen = `${samples} samples of ${iterations} iterations`;
      print(`\n${paint(verdict)}  run ${run}: ${instances} instances, ${seen}, ${seconds.toFixed(1)} s`);
      process.exitCode = EXIT_OF[verdict];
    });

/** Collects `NAME=VALUE` arguments, or `NAME` for a value that other users must not see on the command line. */
function variable(text: string, earlier: Readonly<Record<string, string>>): Record<string, string> {
  if (text.includes('=')) return parsePair(text, earlier);
  const value = process.env[text];
  if (value === undefined) throw new InvalidArgumentError('expected NAME=VALUE, or the NAME of a variable that is set');
  return { ...earlier, [text]: value };
}

function count(text: string): number {
  const value = Number(text);
  if (Number.isInteger(value) && value >= 1 && value <= 1_000) return value;
  throw new InvalidArgumentError('allowed: a whole number from 1 to 1000');
}
