import { spawnSync } from 'node:child_process';
import { mkdir, mkdtemp, readdir, readFile, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { parse } from 'yaml';

interface Step {
  readonly id?: string;
  readonly if?: string;
  readonly uses?: string;
  readonly with?: Readonly<Record<string, string>>;
  readonly run?: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly 'working-directory'?: string;
}

/** What a workflow sees of an action that has ended. */
export interface ActionRun {
  readonly outputs: Readonly<Record<string, string>>;
  readonly summary: string;
  /** The output of all steps. */
  readonly log: string;
  /** The exit code of the first step that failed, otherwise 0. */
  readonly exitCode: number;
  /** The inputs of the other actions that it used, by their names. */
  readonly used: Readonly<Record<string, Readonly<Record<string, string>>>>;
  /** The names of the files that it left in the folder for temporary files. */
  readonly left: readonly string[];
}

/**
 * Runs the shell steps of an action, as GitHub's runner does for another repository. Other actions aren't run.
 *
 * @param given.folder The action's folder.
 * @param given.workspace The other repository's folder.
 * @param given.isCached Whether actions/cache finds an entry.
 */
export async function runAction(given: {
  folder: string;
  workspace: string;
  inputs: Readonly<Record<string, string>>;
  isCached: boolean;
}): Promise<ActionRun> {
  const { inputs, outputs, runs } = parse(await readFile(join(given.folder, 'action.yml'), 'utf8'));
  const temporary = await mkdtemp(join(given.workspace, '.runner-'));
  const summary = join(temporary, 'summary.md');
  await writeFile(summary, '');
  const TMPDIR = join(temporary, 'tmp');
  await mkdir(TMPDIR);
  const known: Record<string, string> = { 'github.action_path': resolve(given.folder) };
  for (const name in inputs) known[`inputs.${name}`] = given.inputs[name] ?? inputs[name].default;
  const filled = (text: string): string =>
    text.replace(/\$\{\{ ([\w.-]+)(?: \|\| '(\w+)')? \}\}/g, (_, name, other = '') => known[name] || other);
  const used: Record<string, Readonly<Record<string, string>>> = {};
  let exitCode = 0;
  let log = '';
  for (const step of runs.steps as Step[]) {
    if (step.if !== 'always()' && exitCode !== 0) continue;
    if (step.if === "steps.cache.outputs.cache-hit != 'true'" && given.isCached) continue;
    const fill = (all = {}) =>
      Object.fromEntries(Object.entries<string>(all).map(([name, text]) => [name, filled(String(text))]));
    if (step.uses !== undefined) used[step.uses.replace(/@.*/, '')] = fill(step.with);
    if (step.run === undefined) continue;
    const output = join(temporary, `${step.id ?? 'step'}.txt`);
    await writeFile(output, '');
    const { status, stdout, stderr } = spawnSync('bash', ['--noprofile', '--norc', '-eo', 'pipefail', '-c', step.run], {
      cwd: resolve(given.workspace, filled(step['working-directory'] ?? '.')),
      env: {
        ...environment(),
        TMPDIR,
        ...fill(step.env),
        GITHUB_ACTIONS: 'true',
        GITHUB_ACTION_PATH: resolve(given.folder),
        GITHUB_WORKSPACE: given.workspace,
        GITHUB_OUTPUT: output,
        GITHUB_STEP_SUMMARY: summary,
        RUNNER_OS: 'Linux',
        RUNNER_ARCH: 'X64',
      },
      stdio: ['ignore', 'pipe', 'pipe'],
      encoding: 'utf8',
    });
    log += stdout + stderr;
    exitCode ||= status ?? 1;
    for (const line of (await readFile(output, 'utf8')).split('\n').filter(Boolean)) {
      const [name = '', ...value] = line.split('=');
      known[`steps.${step.id}.outputs.${name}`] = value.join('=');
    }
  }
  const results = Object.entries<{ value: string }>(outputs).map(([name, { value }]) => [name, filled(value)]);
  return {
    outputs: Object.fromEntries(results),
    summary: await readFile(summary, 'utf8'),
    log,
    exitCode,
    used,
    left: await readdir(TMPDIR),
  };
}

/** The environment without the settings of the current test run. */
function environment(): Record<string, string> {
  const { PATH = '', HOME = '' } = process.env;
  return { PATH, HOME };
}
