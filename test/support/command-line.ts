import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { onTestFinished } from 'vitest';

const COMMAND = resolve('harness/cli.ts');

/** The command line, as the Makefile calls it, with results in a folder of the test's own. */
export async function proofload(args: string[], environment: Record<string, string> = {}, folder = process.cwd()) {
  const results = await mkdtemp(join(tmpdir(), 'proofload-cli-'));
  onTestFinished(() => rm(results, { recursive: true, force: true }));
  const child = spawn(process.execPath, [COMMAND, ...args], {
    cwd: folder,
    env: { ...process.env, CONTRACT: 'service/proofload.config.ts', ...environment, RESULTS: results },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const output = { text: '' };
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text) => {
      output.text += text;
    });
  }
  const exited = once(child, 'close').then(([code]) => ({ code: code as number, text: output.text }));
  return { child, results, output, exited };
}

/** Ids of the processes that descend from, or were left by, a command line with this text in it. */
export const processes = (text: string, more: string[] = []): Promise<string[]> =>
  new Promise((resolve) =>
    execFile('pgrep', [...more, '-f', text], (_, found) => resolve(found.split('\n').filter(Boolean))),
  );

/** The part of a run's verbose output that `check --verbose` prints too: without progress, times and the next command. */
export const tables = (text: string): string =>
  text
    .slice(text.search(/\n(PASS|FAIL|INCONCLUSIVE) {2}/))
    .replace(/^(Scenarios|Report|Run again): .*\n/gm, '')
    .replace(/^ +\d+\.\d s {2}\S+: .*\n/gm, '');

/** The file of a contract. */
export async function contractFile(contract: object): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'proofload-contract-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  const file = join(folder, 'contract.json');
  await writeFile(file, JSON.stringify(contract));
  return file;
}
