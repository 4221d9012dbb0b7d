import { relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { redactSetting } from '../base/secrets.ts';
import type { RunOptions } from './run-options.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));

/** Defaults of the settings that the command line and the environment share. A default is left out of the command. */
export const DEFAULTS = { PROFILE: 'fast', ENGINE: 'auto', POSTGRES: 'auto', FAKES: 'process' } as const;

/** The default contract, relative to the working directory: of this project's Makefile, and of the command line. */
export const DEFAULT_CONTRACT = { make: 'service/proofload.config.ts', shell: 'proofload.yaml' } as const;

/** Settings that only the environment has, and that decide what a run is made with. */
const OF_ENVIRONMENT = ['K6_BIN', 'K6_IMAGE', 'POSTGRES_IMAGE', 'FAKES_IMAGE', 'FAKES_BASE_IMAGE', 'FAKES_NETWORK'];

type Given = Pick<RunOptions, 'profile' | 'engine' | 'postgres' | 'fakes' | 'contract' | 'command'>;

/** The command that runs a scenario again with the same seed and settings, ready for a shell. Secrets are left out. */
export function againCommand(
  scenario: string,
  seed: number,
  { profile, engine, postgres, fakes, contract, command }: Given,
  environment: NodeJS.ProcessEnv = process.env,
  folder = process.cwd(),
): string {
  const isMake = resolve(folder) === resolve(ROOT);
  const usual: Record<string, string> = { ...DEFAULTS, CONTRACT: DEFAULT_CONTRACT[isMake ? 'make' : 'shell'] };
  const settings: Record<string, string | undefined> = {
    ...{
      ...(isMake && { SCENARIO: scenario }),
      SEED: String(seed),
      PROFILE: profile,
      ENGINE: engine,
      POSTGRES: postgres,
      FAKES: fakes,
    },
    ...{ CONTRACT: relative(folder, contract), COMMAND: command?.join(' ') },
    ...Object.fromEntries(OF_ENVIRONMENT.map((name) => [name, environment[name]])),
  };
  const given = Object.entries(settings).flatMap(([name, value]) =>
    value === undefined || value === '' || value === usual[name]
      ? []
      : [`${name}=${quote(redactSetting(value), isMake)}`],
  );
  if (isMake) return ['make', scenario.split('/')[0], ...given].join(' ');
  return [...given, program(folder), 'run', scenario].join(' ');
}

/** Outside of the project's folder: as npm installed it, or from there. */
const program = (folder: string): string =>
  ROOT.includes('/node_modules/') ? 'npx proofload' : `node ${relative(folder, `${ROOT}bin/proofload.js`)}`;

/** For the shell, and for make, which takes `$` for itself. */
function quote(value: string, isMake: boolean): string {
  if (/^[\w./:@%+,=-]*$/.test(value)) return value;
  return `'${(isMake ? value.replaceAll('$', '$$$$') : value).replaceAll("'", "'\\''")}'`;
}
