import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { chmod, chown, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { promisify } from 'node:util';
import { keepLast } from '../../base/keep-last.ts';
import { freePort } from '../../process/readiness.ts';
import { type Identity, installedBinaries, reachableBinaries, serverIdentity, succeeds } from './postgres-binaries.ts';

const run = promisify(execFile);

/** The superuser's name. */
const USER = 'proofload';

/**
 * Don't inherit the caller's environment: a locale that is not installed breaks initdb, and the server doesn't need any
 * secrets.
 */
const environment = { PATH: process.env.PATH, LC_ALL: 'C' };

/** One of the lab's PostgreSQL servers. Its files are in private temporary folders. */
export class PostgresCluster {
  /** The superuser's URL, which contains a random password. */
  readonly url: string;
  readonly #folder: string;
  readonly #data: string;
  readonly #binaries: string;
  readonly #identity: Identity;
  readonly #onLine: (line: string) => void;
  #server: ChildProcess | undefined;

  private constructor(
    where: { url: string; folder: string; data: string; binaries: string; identity: Identity },
    onLine: (line: string) => void,
  ) {
    this.url = where.url;
    this.#folder = where.folder;
    this.#data = where.data;
    this.#binaries = where.binaries;
    this.#identity = where.identity;
    this.#onLine = onLine;
  }

  /**
   * Creates a server's data without starting it. If it fails, nothing is left behind.
   *
   * @param settings `name=value` pairs for postgresql.conf.
   * @param memory The folder below which to create the folder for the data: see `memoryFolder`. Defaults to the folder
   * for the server's other files.
   * @throws Error with the output of initdb
   */
  static async create(
    settings: readonly string[],
    onLine: (line: string) => void,
    memory?: string,
  ): Promise<PostgresCluster> {
    const identity = await serverIdentity();
    const folder = await privateFolder(identity, [tmpdir(), '/tmp', '/var/tmp']);
    let data = folder;
    try {
      if (memory !== undefined) data = await privateFolder(identity, [memory, folder]);
      const binaries = await reachableBinaries(installedBinaries(), identity, folder);
      const port = await freePort();
      const password = randomBytes(24).toString('hex');
      await initialise({ folder, data, binaries, identity, password, settings: [`port=${port}`, ...settings] });
      const url = `postgresql://${USER}:${password}@127.0.0.1:${port}/postgres`;
      return new PostgresCluster({ url, folder, data, binaries, identity }, onLine);
    } catch (error) {
      await removeAll([folder, data]);
      throw error;
    }
  }

  /**
   * Starts the server. Resolves when it accepts connections.
   *
   * @throws Error with the last lines of its log if it exits before that
   */
  async start(): Promise<void> {
    const server = spawn(join(this.#binaries, 'bin', 'postgres'), ['-D', join(this.#data, 'data')], {
      ...this.#identity,
      cwd: this.#folder,
      env: environment,
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    const said: string[] = [];
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    createInterface({ input: server.stderr }).on('line', (line) => {
      keepLast(said, line, 10);
      this.#onLine(line);
      if (line.includes('database system is ready to accept connections')) resolve();
    });
    server.once('error', reject);
    server.once('close', () => reject(new Error(`PostgreSQL ended before it was ready: ${said.join('\n')}`)));
    await promise;
    this.#server = server;
  }

  /**
   * Stops the server with a signal (SIGINT: fast shutdown, SIGQUIT: immediate shutdown, SIGKILL: crash). Resolves when
   * it has exited.
   */
  async stop(signal: NodeJS.Signals): Promise<void> {
    const server = this.#server;
    if (!server || server.exitCode !== null || server.signalCode !== null) return;
    const gone = once(server, 'exit');
    server.kill(signal);
    await gone;
  }

  /** Stops the server and removes its files. */
  async remove(): Promise<void> {
    await this.stop('SIGINT');
    await removeAll([this.#folder, this.#data]);
  }
}

const removeAll = (folders: readonly string[]) =>
  Promise.all(folders.map((folder) => rm(folder, { recursive: true, force: true })));

/**
 * Creates a folder that only the server's user and root can access. It is created in the first of `parents` that this
 * user can access, because TMPDIR may be private to root.
 */
async function privateFolder(identity: Identity, parents: readonly string[]): Promise<string> {
  const { uid, gid } = identity;
  for (const parent of parents) {
    if (uid !== undefined && !(await canEnter(parent, identity))) continue;
    const folder = await mkdtemp(join(parent, 'proofload-postgres-'));
    await chmod(folder, 0o700);
    if (uid !== undefined && gid !== undefined) await chown(folder, uid, gid);
    return folder;
  }
  throw new Error(`the user postgres can't enter ${parents.join(' or ')}; set TMPDIR to a folder it can`);
}

const canEnter = (folder: string, identity: Identity): Promise<boolean> =>
  succeeds('test', ['-x', folder], { ...identity, cwd: '/' });

interface Initial {
  folder: string;
  data: string;
  binaries: string;
  identity: Identity;
  password: string;
  settings: readonly string[];
}

async function initialise({ folder, data, binaries, identity, password, settings }: Initial): Promise<void> {
  const passwordFile = join(folder, 'password');
  await writeFile(passwordFile, `${password}\n`, { mode: 0o600, flag: 'wx' });
  const { uid, gid } = identity;
  if (uid !== undefined && gid !== undefined) await chown(passwordFile, uid, gid);
  const flags = [
    `--pgdata=${join(data, 'data')}`,
    `--username=${USER}`,
    `--pwfile=${passwordFile}`,
    '--auth=scram-sha-256',
    '--no-sync',
    '--encoding=UTF8',
    // The built-in locale is the same on all machines.
    '--locale=C',
    '--locale-provider=builtin',
    '--builtin-locale=C.UTF-8',
    ...settings.map((setting) => `--set=${setting}`),
  ];
  try {
    await run(join(binaries, 'bin', 'initdb'), flags, { ...identity, cwd: folder, env: environment });
  } catch (error) {
    throw new Error(`initdb failed: ${(error as { stderr?: string }).stderr || error}`, { cause: error });
  } finally {
    await rm(passwordFile, { force: true });
  }
}
