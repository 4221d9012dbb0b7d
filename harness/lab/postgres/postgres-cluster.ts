import { type ChildProcess, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { chmod, chown, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { keepLast } from '../../base/keep-last.ts';
import { freePort } from '../../process/readiness.ts';
import { createData, environment, SUPERUSER } from './create-data.ts';
import { DataTemplate } from './data-template.ts';
import { type Identity, installedBinaries, reachableBinaries, serverIdentity, succeeds } from './postgres-binaries.ts';

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
  #isStopping = false;
  /** Is called if the server ends by itself, or is killed, with how it ended. */
  onEnd: (how: string) => void = () => {};

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
   * @param made Is called with each folder that it creates.
   * @param memory The folder below which to create the folder for the data: see `memoryFolder`. Defaults to the folder
   * for the server's other files.
   * @param copied A file that `copy` of another server has written. By default, its data are new.
   * @throws Error with the output of the command that failed
   */
  static async create(
    settings: readonly string[],
    onLine: (line: string) => void,
    made: (folder: string) => void,
    memory?: string,
    copied?: string,
  ): Promise<PostgresCluster> {
    const identity = await serverIdentity();
    const folder = await privateFolder(identity, [tmpdir(), '/tmp', '/var/tmp']);
    made(folder);
    let data = folder;
    try {
      if (memory !== undefined) data = await privateFolder(identity, [memory, folder]);
      if (data !== folder) made(data);
      const binaries = await reachableBinaries(installedBinaries(), identity, folder);
      const port = await freePort();
      const password = randomBytes(24).toString('hex');
      await createData({ parent: data, binaries, identity }, password, [`port=${port}`, ...settings], copied);
      const url = `postgresql://${SUPERUSER}:${password}@127.0.0.1:${port}/postgres`;
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
    server.once('exit', (code, signal) => {
      if (!this.#isStopping) this.onEnd(signal ?? `exit code ${code}`);
    });
  }

  /**
   * Stops the server with a signal (SIGINT: fast shutdown, SIGQUIT: immediate shutdown, SIGKILL: crash). Resolves when
   * it has exited.
   */
  async stop(signal: NodeJS.Signals): Promise<void> {
    const server = this.#server;
    if (!server || server.exitCode !== null || server.signalCode !== null) return;
    const gone = once(server, 'exit');
    this.#isStopping = true;
    server.kill(signal);
    await gone;
    this.#isStopping = false;
  }

  /** Stops the server, copies its data to a file in its folder, and starts it again. Returns the file. */
  async copy(): Promise<string> {
    const file = join(this.#data, 'copy.tar');
    await this.stop('SIGINT');
    try {
      await new DataTemplate(file).pack(this.#data, this.#identity);
    } finally {
      await this.start();
    }
    return file;
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
