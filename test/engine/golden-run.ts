import { mkdir, mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { startTarget } from '../k6-golden/target.mjs';
import { refusingPort } from '../support/refusing-port.ts';
import { type LogLine, parseLines, runWarmEngine } from './engine-process.ts';

const GOLDEN = fileURLToPath(new URL('../k6-golden/', import.meta.url));
const SCRIPTS = join(GOLDEN, 'scripts');

/** A script's golden record. */
export interface Golden {
  readonly args: readonly string[];
  readonly expect: unknown;
}

/** Returns the names of all golden scripts in order. */
export const goldenScripts = async (): Promise<string[]> =>
  (await readdir(join(GOLDEN, 'expected'))).map((name) => name.replace('.json', '')).sort();

export const readGolden = async (script: string): Promise<Golden> =>
  JSON.parse(await readFile(join(GOLDEN, 'expected', `${script}.json`), 'utf8'));

/** Runs a golden script in the engine against a separate target, and collects the input for `reduce()`. */
export async function runGolden(script: string, args: readonly string[]): Promise<object> {
  const folder = await mkdtemp(join(tmpdir(), 'embedded-golden-'));
  const [results, cwd] = [join(folder, 'results'), join(folder, 'cwd')];
  await Promise.all([mkdir(results), mkdir(cwd)]);
  const target = await startTarget();
  const refused = `http://127.0.0.1:${await refusingPort()}`;
  const [summary, samples] = [join(results, 'summary.json'), join(results, 'samples.json')];
  try {
    const run = await runWarmEngine(
      [
        'run',
        '--quiet',
        '--no-color',
        '--log-format',
        'json',
        '--out',
        `json=${samples}`,
        '-e',
        `TARGET=${target.url}`,
        '-e',
        `REFUSED=${refused}`,
        '-e',
        `SUMMARY=${summary}`,
        ...args,
        join(SCRIPTS, `${script}.ts`),
      ],
      cwd,
    );
    return {
      exitCode: run.exitCode,
      stdout: run.stdout,
      // The warning about thresholds without samples is specific to the engine: see strict.test.ts.
      log: parseLines<LogLine>(run.stderr).filter(({ msg }) => !msg.endsWith('proves nothing: there were no samples')),
      summary: await readFile(summary, 'utf8').then(JSON.parse, () => null),
      samples: parseLines<object>(await readFile(samples, 'utf8').catch(() => '')),
      files: await readFolder(cwd),
      names: {
        [target.url]: 'TARGET',
        [new URL(target.url).host]: 'TARGET_HOST',
        [refused]: 'REFUSED',
        [new URL(refused).host]: 'REFUSED_HOST',
        [`file://${SCRIPTS}`]: 'SCRIPTS',
      },
    };
  } finally {
    await target.close();
    await rm(folder, { recursive: true, force: true });
  }
}

async function readFolder(folder: string): Promise<Record<string, string>> {
  const names = await readdir(folder);
  return Object.fromEntries(
    await Promise.all(names.map(async (name) => [name, await readFile(join(folder, name), 'utf8')])),
  );
}
