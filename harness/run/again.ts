import { relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { redactSetting } from '../base/secrets.ts';
import { SETTINGS, type Setting } from '../base/settings.ts';
import { contractsIn } from '../project/contract-files.ts';
import type { RunOptions } from './run-options.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));

/** The reference service's contract, which the Makefile uses, relative to the project's folder. */
export const REFERENCE_CONTRACT = 'service/proofload.config.ts';

const ALL: readonly (readonly [name: string, setting: Setting])[] = Object.entries(SETTINGS);

/** The defaults of all settings. They are omitted from the command. */
const USUAL = Object.fromEntries(ALL.map(([name, { usual }]) => [name, usual]));

/** The settings that can only be set in the environment. */
const OF_ENVIRONMENT = ALL.filter(([, { flag, isOfMake }]) => flag === undefined && !isOfMake).map(([name]) => name);

/**
 * Either a scenario with its seed, or everything that did not pass in the last run, which contained scenarios from
 * these suites.
 */
export type Target = { scenario: string; seed: number } | { lastFailedOf: readonly string[] };

type Given = Pick<RunOptions, 'profile' | 'engine' | 'postgres' | 'contract' | 'command' | 'allowHost' | 'results'>;

/** Returns a shell command that runs something again with the same settings. Secrets are omitted. */
export function againCommand(
  target: Target,
  { profile, engine, postgres, contract, command, allowHost, results }: Given,
  environment: NodeJS.ProcessEnv = process.env,
  folder = process.cwd(),
): string {
  const isMake = isRepository(folder) && !isOwn(target);
  const [only = '', another] = isMake ? [REFERENCE_CONTRACT] : contractsIn(folder);
  const usual: Record<string, Setting['usual']> = { ...USUAL, ...(another === undefined && { CONTRACT: only }) };
  const settings: Record<string, string | undefined> = {
    ...targetSettings(target, isMake),
    PROFILE: profile,
    ENGINE: engine,
    POSTGRES: postgres,
    CONTRACT: relative(folder, contract),
    COMMAND: command?.join(' '),
    ALLOW_HOST: allowHost?.join(','),
    // It contains the last run.
    RESULTS: 'scenario' in target ? undefined : relative(folder, results),
    ...Object.fromEntries(OF_ENVIRONMENT.map((name) => [name, environment[name]])),
  };
  const given = Object.entries(settings).flatMap(([name, value]) =>
    value === undefined || value === '' || value === usual[name]
      ? []
      : [`${name}=${quote(redactSetting(value), isMake)}`],
  );
  if (isMake) return ['make', targetOf(target), ...given].join(' ');
  return [...given, program(folder, environment), 'run', 'scenario' in target ? target.scenario : '--last-failed'].join(
    ' ',
  );
}

/** Returns a shell command that runs a command such as `gate` with its default settings. */
export const commandLine = (command: string, folder = process.cwd()): string =>
  isRepository(folder) ? `make ${command}` : `${program(folder)} ${command}`;

/** Whether a folder is this project's, which has a Makefile. */
const isRepository = (folder: string): boolean => resolve(folder) === resolve(ROOT);

/** Whether a target contains a team's own scenarios. There is no make target for them. */
const isOwn = (target: Target): boolean =>
  ('scenario' in target ? [target.scenario] : target.lastFailedOf).some((name) => /^own(\/|$)/.test(name));

/** Returns the settings that choose the scenarios. Without make, the command line chooses them. */
function targetSettings(target: Target, isMake: boolean): Record<string, string> {
  if ('scenario' in target) return { ...(isMake && { SCENARIO: target.scenario }), SEED: String(target.seed) };
  return isMake ? { LAST_FAILED: '1' } : {};
}

/** Returns the make target to use: the suite, or the gate if there are several suites. */
function targetOf(target: Target): string {
  if ('scenario' in target) return target.scenario.split('/')[0] as string;
  const [suite = 'gate', another] = target.lastFailedOf;
  return another === undefined ? suite : 'gate';
}

/**
 * Returns the command of proofload for a user in a folder: the one installed by npm, or its path. Only the runner has
 * the copy that the action uses.
 */
export function program(folder = process.cwd(), { GITHUB_ACTION_PATH } = process.env): string {
  const isOfAction = GITHUB_ACTION_PATH !== undefined && resolve(GITHUB_ACTION_PATH) === resolve(ROOT);
  if (isOfAction || ROOT.includes('/node_modules/')) return 'npx proofload';
  return `node ${relative(folder, `${ROOT}bin/proofload.js`)}`;
}

/** Quotes a value for the shell, and for make, which expands `$` itself. */
function quote(value: string, isMake: boolean): string {
  if (/^[\w./:@%+,=-]*$/.test(value)) return value;
  return `'${(isMake ? value.replaceAll('$', '$$$$') : value).replaceAll("'", "'\\''")}'`;
}
