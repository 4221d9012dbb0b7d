import { spawnSync } from 'node:child_process';
import { mkdir, mkdtemp, readdir, readFile, writeFile } from 'node:fs/promises';
import { delimiter, join, resolve } from 'node:path';
import { runInNewContext } from 'node:vm';
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
 * @param given.isInstalled Whether to leave out the first step, which installs the action's packages.
 * @param given.isPrivate Whether the other repository is private. Defaults to false.
 * @param given.programs A folder with programs that are used instead of those on PATH.
 */
export async function runAction(given: {
  folder: string;
  workspace: string;
  inputs: Readonly<Record<string, string>>;
  isInstalled: boolean;
  isPrivate?: boolean;
  programs?: string;
}): Promise<ActionRun> {
  const { inputs, outputs, runs } = parse(await readFile(join(given.folder, 'action.yml'), 'utf8'));
  const temporary = await mkdtemp(join(given.workspace, '.runner-'));
  const summary = join(temporary, 'summary.md');
  await writeFile(summary, '');
  const TMPDIR = join(temporary, 'tmp');
  await mkdir(TMPDIR);
  const known: Record<string, string> = { 'github.action_path': resolve(given.folder) };
  const values = Object.fromEntries(
    Object.keys(inputs).map((name) => [name, given.inputs[name] ?? inputs[name].default]),
  );
  for (const [name, value] of Object.entries(values)) known[`inputs.${name}`] = value;
  const filled = (text: string): string =>
    text.replace(/\$\{\{ ([\w.-]+)(?: \|\| '(\w+)')? \}\}/g, (_, name, other = '') => known[name] || other);
  const used: Record<string, Readonly<Record<string, string>>> = {};
  let exitCode = 0;
  let log = '';
  const steps: Step[] = runs.steps;
  // The operators in conditions are those of JavaScript.
  const isMet = ({ if: condition = 'success()' }: Step): boolean =>
    runInNewContext(condition, {
      success: () => exitCode === 0,
      failure: () => exitCode !== 0,
      inputs: values,
      github: { event: { repository: { private: given.isPrivate ?? false } } },
    });
  for (const step of given.isInstalled ? steps.slice(1) : steps) {
    if (!isMet(step)) continue;
    const fill = (all = {}) =>
      Object.fromEntries(Object.entries<string>(all).map(([name, text]) => [name, filled(String(text))]));
    if (step.uses !== undefined) used[step.uses.replace(/@.*/, '')] = fill(step.with);
    if (step.run === undefined) continue;
    const output = join(temporary, `${step.id ?? 'step'}.txt`);
    await writeFile(output, '');
    const { status, stdout, stderr } = spawnSync('bash', ['--noprofile', '--norc', '-eo', 'pipefail', '-c', step.run], {
      cwd: resolve(given.workspace, filled(step['working-directory'] ?? '.')),
      env: {
        ...environment(given.programs),
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
function environment(programs: string | undefined): Record<string, string> {
  const { PATH = '', HOME = '' } = process.env;
  return { PATH: programs === undefined ? PATH : [programs, PATH].join(delimiter), HOME };
}
