import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { onTestFinished } from 'vitest';
import { evaluateScript } from '../../engine/script/evaluate-script.ts';
import { describeError } from '../../engine/vu/describe-error.ts';
import type { Outcome } from '../../engine/vu/event-loop.ts';
import { Test } from '../../engine/vu/test.ts';
import { Vu } from '../../engine/vu/vu.ts';

/** One iteration's console output, and the error if it threw. */
export interface CompiledRun {
  readonly said: string[];
  /** The error with its stack. Paths are relative to the script's folder. */
  readonly error: string | undefined;
}

/**
 * Compiles a script like the engine does and runs its default function once in this process.
 *
 * @param files File contents by name. The first file is the script. Names may include folders.
 */
export async function runCompiled(files: Readonly<Record<string, string>>): Promise<CompiledRun> {
  const folder = await mkdtemp(join(tmpdir(), 'compiled-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  for (const [name, source] of Object.entries(files)) {
    await mkdir(dirname(join(folder, name)), { recursive: true });
    await writeFile(join(folder, name), source);
  }
  const said: string[] = [];
  const test = new Test({
    script: pathToFileURL(join(folder, Object.keys(files)[0] as string)),
    logger: { log: (_, message) => void said.push(message) },
  });
  const vu = new Vu(test, 0);
  const relative = (text: string) => text.replaceAll(`${folder}/`, '');
  try {
    vu.exports = await evaluateScript(vu);
  } catch (error) {
    return { said, error: relative((error as Error).message) };
  }
  vu.phase = 'iteration';
  const outcome = await new Promise<Outcome>((resolve) => vu.run(vu.exports.default, [], resolve));
  const error = outcome.kind === 'threw' ? relative(describeError(outcome.error, outcome.inPromise)) : undefined;
  return { said, error };
}
