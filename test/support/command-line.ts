import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { EXIT } from '../../harness/base/errors.ts';
import { decided } from './measured-again.ts';
import { called, product } from './product.ts';
import { temporaryFile, temporaryFolder } from './temporary-folder.ts';
import { WarmProcesses } from './warm-process.ts';

const warm = product.commandLine.main === undefined ? undefined : new WarmProcesses(product.commandLine.main);

/** The environment for a service without a database, whose quickest scenario takes two seconds. */
export const EXAMPLE = { CONTRACT: 'examples/item-service/proofload.yaml' };

/** Returns the environment that the Makefile sets, with results in a separate folder. */
async function environmentWith(environment: Record<string, string>) {
  const results = await temporaryFolder();
  return { ...process.env, CONTRACT: 'service/proofload.config.ts', ...environment, RESULTS: results };
}

/**
 * Runs the command line like the Makefile does, in a process that has loaded it already, if the product allows it. See
 * `WarmProcesses`.
 */
export async function proofloadWarm(args: string[], given: Record<string, string> = {}, cwd = process.cwd()) {
  if (warm === undefined) {
    const { exited, results } = await proofload(args, given, cwd);
    return { ...(await exited), results };
  }
  const environment = await environmentWith(given);
  const { code, text } = await warm.run({ args, cwd, environment });
  return { code, text, results: environment.RESULTS };
}

/**
 * Runs a command that judges scenarios, for a test that needs PASS or FAIL. If it is INCONCLUSIVE, it runs once more, when
 * no other test runs.
 */
export const decidedRun = (args: string[], given: Record<string, string> = {}, cwd = process.cwd()) =>
  decided(args.join(' '), () => proofloadWarm(args, given, cwd), whyInconclusive);

/** Returns the lines of an output that say what was INCONCLUSIVE, if that decided the exit code. */
export const whyInconclusive = ({ code, text }: { code: unknown; text: string }): string | undefined =>
  code === EXIT.inconclusive ? (text.match(/^.*INCONCLUSIVE.*$/gm)?.join('; ') ?? 'it did not say why') : undefined;

/** Runs the command line like the Makefile does, in a new process. */
export async function proofload(args: string[], environment: Record<string, string> = {}, folder = process.cwd()) {
  const env = await environmentWith(environment);
  const child = spawn(...called(product.commandLine, args), { cwd: folder, env, stdio: ['ignore', 'pipe', 'pipe'] });
  const output = { text: '' };
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text) => {
      output.text += text;
    });
  }
  const exited = once(child, 'close').then(([code]) => ({ code: code as number, text: output.text }));
  return { child, results: env.RESULTS, output, exited };
}

/** Returns the IDs of the processes whose command line contains this text. `more` are additional options for pgrep. */
export const processes = (text: string, more: string[] = []): Promise<string[]> =>
  new Promise((resolve) =>
    execFile('pgrep', [...more, '-f', text], (_, found) => resolve(found.split('\n').filter(Boolean))),
  );

/**
 * Returns the part of a run's verbose output that `check --verbose` also prints: everything except progress, times and
 * the next command.
 */
export const tables = (text: string): string =>
  text
    .slice(text.search(/\n(PASS|FAIL|INCONCLUSIVE) {2}/))
    .replace(/^(Scenarios|Report|Run again): .*\n/gm, '')
    .replace(/^ +\d+\.\d s {2}\S+: .*\n/gm, '');

/** Writes a contract to a file and returns its path. */
export async function contractFile(contract: object): Promise<string> {
  return temporaryFile('contract.json', JSON.stringify(contract));
}
