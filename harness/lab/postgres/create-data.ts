import { type ExecFileOptions, execFile } from 'node:child_process';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { DataTemplate } from './data-template.ts';
import { type Identity, installedVersion } from './postgres-binaries.ts';

const run = promisify(execFile);

/** The superuser's name. */
export const SUPERUSER = 'proofload';

/**
 * Don't inherit the caller's environment: a locale that is not installed breaks initdb, and the server doesn't need any
 * secrets.
 */
export const environment = { PATH: process.env.PATH, LC_ALL: 'C' };

/** The place of a server's data, and how to create it. */
interface Place {
  /** A private folder, in which `data` is created. */
  readonly parent: string;
  readonly binaries: string;
  readonly identity: Identity;
}

/** initdb's arguments. The superuser has no password yet, and the server would reject all clients. */
const FLAGS = [
  '--pgdata=data',
  `--username=${SUPERUSER}`,
  '--auth=reject',
  '--no-sync',
  '--encoding=UTF8',
  // The built-in locale is the same on all machines.
  '--locale=C',
  '--locale-provider=builtin',
  '--builtin-locale=C.UTF-8',
];

/**
 * Creates a server's data: a copy of another server's data, a copy of the template, or the output of initdb, which is
 * kept as the template.
 *
 * @param password The superuser's password.
 * @param settings `name=value` pairs for postgresql.conf.
 * @param copied An archive with another server's data. Defaults to none.
 * @throws Error with the output of the command that failed
 */
export async function createData(
  place: Place,
  password: string,
  settings: readonly string[],
  copied?: string,
): Promise<void> {
  if (copied === undefined) await createNew(place, password);
  else {
    await new DataTemplate(copied).unpack(place.parent, place.identity);
    await setPassword(place, password);
  }
  await configure(place, settings);
}

async function createNew(place: Place, password: string): Promise<void> {
  const { timeZone } = Intl.DateTimeFormat().resolvedOptions(); // initdb writes it to postgresql.conf
  const template = DataTemplate.ofNew([await installedVersion(), timeZone, ...FLAGS].join('\n'));
  try {
    if (!template) throw new Error('Node keeps no compiled modules');
    await template.unpack(place.parent, place.identity);
    await setPassword(place, password);
  } catch {
    // There is no template, or it can't be used.
    await rm(join(place.parent, 'data'), { recursive: true, force: true });
    await initdb(place);
    // Without a template, the next server only starts later.
    await keep(template, place).catch(() => {});
    await setPassword(place, password);
  }
}

async function keep(template: DataTemplate | undefined, { parent, identity }: Place): Promise<void> {
  await template?.pack(parent, identity);
  await template?.removeOthers();
}

async function initdb({ parent, binaries, identity }: Place): Promise<void> {
  try {
    await run(join(binaries, 'bin', 'initdb'), FLAGS, { ...identity, cwd: parent, env: environment });
  } catch (error) {
    throw new Error(`initdb failed: ${(error as { stderr?: string }).stderr || error}`, { cause: error });
  }
}

/** Sets the superuser's password without starting a server that accepts connections. */
const setPassword = ({ parent, binaries, identity }: Place, password: string) =>
  runWith(
    `ALTER ROLE ${SUPERUSER} PASSWORD '${password}'\n`,
    join(binaries, 'bin', 'postgres'),
    // If it fails, the password must not be logged.
    ['--single', '-F', '-D', 'data', '-c', 'exit_on_error=on', '-c', 'log_min_error_statement=panic', 'postgres'],
    { ...identity, cwd: parent },
  );

/** Writes the settings, and the rule that clients need a password, as the server's user, who owns the files. */
async function configure({ parent, identity }: Place, settings: readonly string[]): Promise<void> {
  const rule = 'host all,replication all 127.0.0.1/32 scram-sha-256';
  await runWith(settings.map(line).join(''), 'sh', ['-c', `cat >> postgresql.conf && echo ${rule} > pg_hba.conf`], {
    ...identity,
    cwd: join(parent, 'data'),
  });
}

/** Returns `name=value` as a line of postgresql.conf. */
function line(setting: string): string {
  const [name, ...value] = setting.split('=');
  return `${name} = '${value.join('=').replaceAll(/['\\]/g, '$&$&')}'\n`;
}

/** Runs a command with a text as its standard input. */
async function runWith(input: string, file: string, args: readonly string[], options: ExecFileOptions): Promise<void> {
  const running = run(file, args, { ...options, env: environment });
  running.child.stdin?.on('error', () => {}); // if the command exits without reading, its own error says why
  running.child.stdin?.end(input);
  await running;
}
