import { stat } from 'node:fs/promises';
import { basename, extname, join, resolve } from 'node:path';
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
export async function distribute(script: string, { instances, env, image, out }: Flags): Promise<void> {
  await assertScript(script);
  const folder = out ?? join('results', 'distributed', basename(script, extname(script)));
  await writeDistribution({ script, env, folder, instances, image });
  print(`Wrote ${folder}. Its README.md explains how to run it.`);
}

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
export async function gather(folder: string, files: string[]): Promise<void> {
  const gathered = await gatherSamples(resolve(folder), files.length > 0 ? files : undefined);
  const { findings, run, instances, samples, iterations, seconds } = gathered;
  const verdict = worst(findings.map((finding) => finding.verdict));
  print(findingsTable(findings));
  const seen = `${samples} samples of ${iterations} iterations`;
  print(`\n${paint(verdict)}  run ${run}: ${instances} instances, ${seen}, ${seconds.toFixed(1)} s`);
  process.exitCode = EXIT_OF[verdict];
}
