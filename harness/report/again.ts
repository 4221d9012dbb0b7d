import { relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { RunOptions } from '../run.ts';

/** What a setting is where it is not given, so that it need not be said. */
const DEFAULTS: Record<string, string> = {
  PROFILE: 'fast',
  ENGINE: 'auto',
  POSTGRES: 'auto',
  FAKES: 'process',
  CONTRACT: relative('', fileURLToPath(new URL('../../service/contract.ts', import.meta.url))),
};

/** Settings that only the environment has, and that decide what a run is made with. */
const OF_ENVIRONMENT = ['K6_BIN', 'K6_IMAGE', 'POSTGRES_IMAGE', 'FAKES_IMAGE', 'FAKES_BASE_IMAGE', 'FAKES_NETWORK'];

type Given = Pick<RunOptions, 'profile' | 'engine' | 'postgres' | 'fakes' | 'contract' | 'command'>;

/** The command that runs a scenario again with the same seed and settings, ready for a shell. Passwords are left out. */
export function againCommand(
  scenario: string,
  seed: number,
  { profile, engine, postgres, fakes, contract, command }: Given,
  environment: NodeJS.ProcessEnv = process.env,
): string {
  const settings: Record<string, string | undefined> = {
    ...{ SCENARIO: scenario, SEED: String(seed), PROFILE: profile, ENGINE: engine, POSTGRES: postgres, FAKES: fakes },
    ...{ CONTRACT: relative('', contract), COMMAND: command?.join(' ') },
    ...Object.fromEntries(OF_ENVIRONMENT.map((name) => [name, environment[name]])),
  };
  const given = Object.entries(settings).flatMap(([name, value]) =>
    value === undefined || value === '' || value === DEFAULTS[name] ? [] : [`${name}=${quote(withoutPassword(value))}`],
  );
  return ['make', scenario.split('/')[0], ...given].join(' ');
}

/** For make and for the shell: make takes `$` for itself. */
function quote(value: string): string {
  if (/^[\w./:@%+,=-]*$/.test(value)) return value;
  return `'${value.replaceAll('$', '$$$$').replaceAll("'", "'\\''")}'`;
}

const withoutPassword = (value: string): string =>
  value.replace(/^(postgres(?:ql)?:\/\/[^:@/]*):[^@]*@/, '$1:PASSWORD@');
