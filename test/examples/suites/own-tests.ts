import { spawnSync } from 'node:child_process';
import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';

/** A service with tests in another language, and a change that breaks one of its promises. */
export interface OwnTests {
  /** The example's folder. */
  readonly folder: string;
  readonly command: readonly [string, ...string[]];
  readonly source: string;
  readonly right: string;
  readonly wrong: string;
}

/** Whether a program is installed. */
export const succeeds = ([file, ...args]: OwnTests['command']): boolean => spawnSync(file, args).status === 0;

/** Runs the tests of an example in a copy of its folder, with the service as it is or broken. */
export async function runOwnTests(
  { folder, command, source, right, wrong }: OwnTests,
  isBroken: boolean,
): Promise<{ code: number | null; text: string }> {
  // Beside the example, so that `npx proofload` finds the command of this repository.
  const copy = await mkdtemp(join('examples', '.copy-'));
  onTestFinished(() => rm(copy, { recursive: true, force: true }));
  await cp(folder, copy, { recursive: true });
  const code = await readFile(join(copy, source), 'utf8');
  if (!code.includes(right)) throw new Error(`${source} does not contain ${right}`);
  if (isBroken) await writeFile(join(copy, source), code.replace(right, wrong));
  const [file, ...args] = command;
  const { status, stdout, stderr } = spawnSync(file, args, { cwd: copy, encoding: 'utf8', timeout: 300_000 });
  return { code: status, text: stdout + stderr };
}
