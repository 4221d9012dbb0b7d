import { once } from 'node:events';
import { rmSync, statSync } from 'node:fs';
import { chmod } from 'node:fs/promises';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { connect } from 'node:net';
import { json, text } from 'node:stream/consumers';
import { pause } from '../base/clock.ts';
import { knownError, messageOf, outputOf } from '../base/errors.ts';
import { fetchDirectly } from '../base/fetch-directly.ts';
import { type LabFlags, runOptions } from '../commands/lab-options.ts';
import { isRunning } from '../process/is-running.ts';
import { changedFiles, type ServiceFiles, serviceFiles } from '../project/service-files.ts';
import { SILENT } from '../report/reporters/reporter.ts';
import { run } from '../run/run.ts';
import { type Addresses, type Bench, openBench } from '../workbench/open-bench.ts';

/** What the process gets as JSON on its standard input, because everyone may read its arguments. */
export interface SharedLabStart {
  readonly socket: string;
  readonly flags: LabFlags & { readonly contract: string };
  readonly conditions: readonly string[];
}

/** What a test sends to use the lab. It has the lab until it closes the connection. */
export interface LeaseRequest {
  /** The process of the test runner. The lab ends when the owners of all tests have ended. */
  readonly owner: number;
  /** How long the lab waits for the next test, in seconds. */
  readonly idleSeconds: number;
}

/** An error of the lab, as it is sent to a test. */
export interface SentError {
  readonly code: string;
  readonly message: string;
  readonly output: readonly string[];
}

/** How often to look whether the owners run, in milliseconds. */
const LOOK_MS = 300;

/** How long a process may take to listen after it has made its socket, in milliseconds. */
const LISTENS_MS = 100;

/** A lab that one test file after another uses. */
class SharedLab {
  readonly #start: SharedLabStart;
  readonly #owners = new Set<number>();
  readonly #over = new AbortController();
  #bench: Bench | undefined;
  #files: ServiceFiles | undefined;
  #turn: Promise<void> = Promise.resolve();
  #users = 0;
  #idleSeconds = 60;
  #idle: NodeJS.Timeout | undefined;

  constructor(start: SharedLabStart) {
    this.#start = start;
    this.#waitForNext();
  }

  /** Waits until nobody needs the lab anymore. */
  async over(): Promise<void> {
    const watching = setInterval(() => {
      if (this.#owners.size > 0 && ![...this.#owners].some(isRunning)) this.#over.abort();
    }, LOOK_MS);
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => this.#over.abort());
    if (!this.#over.signal.aborted) await once(this.#over.signal, 'abort');
    clearInterval(watching);
  }

  /** Stops the lab. Its socket is removed already, and the next lab may have one of the same name. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#bench?.lab.reaper.forgetFolder(this.#start.socket);
    await this.#bench?.[Symbol.asyncDispose]();
  }

  answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    try {
      if (request.url === '/lease') await this.#lease((await json(request)) as LeaseRequest, response);
      else if (request.url === '/run') await this.#run((await json(request)) as string[], response);
      else {
        await text(request);
        // The contract has changed, so a new lab replaces this one.
        this.#idleSeconds = 0;
        this.#waitForNext();
        response.end();
      }
    } catch (error) {
      const known = knownError(error);
      const sent: SentError = {
        code: known?.code ?? 'INTERNAL_ERROR',
        message: messageOf(known ?? error),
        output: outputOf(error),
      };
      if (!response.headersSent) response.statusCode = 500;
      response.end(`${JSON.stringify(sent)}\n`);
    }
  };

  /** Gives the lab to one test at a time, healed and with the present code of the service. */
  async #lease({ owner, idleSeconds }: LeaseRequest, response: ServerResponse): Promise<void> {
    this.#owners.add(owner);
    this.#users += 1;
    clearTimeout(this.#idle);
    const gone = new Promise((resolve) => response.once('close', resolve));
    const before = this.#turn;
    let free = () => {};
    this.#turn = new Promise((resolve) => {
      free = resolve;
    });
    try {
      await before;
      // A test whose lab ends meanwhile starts the next one.
      if (this.#over.signal.aborted) response.destroy();
      if (response.destroyed) return;
      this.#idleSeconds = idleSeconds;
      const addresses = await this.#prepare();
      response.write(`${JSON.stringify(addresses)}\n`);
      await gone;
      await this.#bench?.service.healAll();
    } finally {
      this.#users -= 1;
      this.#waitForNext();
      free();
    }
  }

  /** Starts the lab, or restarts a service whose files have changed or that no longer answers. */
  async #prepare(): Promise<Addresses> {
    const { flags, conditions, socket } = this.#start;
    const options = runOptions(flags, []);
    const look = () => serviceFiles(flags.contract, this.#bench?.contract.start, options.results);
    if (!this.#bench) {
      this.#bench = await openBench({ ...options, conditions });
      this.#bench.lab.reaper.rememberFolder(socket);
      this.#files = await look();
      return this.#bench.addresses;
    }
    const { service, contract, addresses } = this.#bench;
    const files = await look();
    const isOld = this.#files === undefined || changedFiles(this.#files, files).length > 0;
    if (contract.start.running === undefined && (isOld || !(await isReady(addresses.url + contract.start.readyPath)))) {
      this.#files = undefined;
      await service.restart('SIGTERM');
    }
    this.#files = files;
    return addresses;
  }

  async #run(scenarios: readonly string[], response: ServerResponse): Promise<void> {
    const { flags } = this.#start;
    const { signal } = this.#over;
    const labs = this.#bench && [this.#bench.lab];
    const result = await run({ ...runOptions(flags, scenarios), labs, reporter: SILENT, signal });
    response.end(JSON.stringify(result));
  }

  #waitForNext(): void {
    clearTimeout(this.#idle);
    if (this.#users === 0) this.#idle = setTimeout(() => this.#over.abort(), this.#idleSeconds * 1_000);
  }
}

const isReady = (url: string): Promise<boolean> =>
  fetchDirectly(url).then(
    async (response) => {
      await response.body?.cancel();
      return response.ok;
    },
    () => false,
  );

/** Whether a process listens on a socket. */
async function isTaken(socket: string): Promise<boolean> {
  const connection = connect(socket);
  try {
    await once(connection, 'connect');
    return true;
  } catch {
    return false;
  } finally {
    connection.destroy();
  }
}

/** Listens on a socket, and returns whether it does: other processes may try the same, and one of them gets it. */
async function take(server: Server, socket: string): Promise<boolean> {
  for (;;) {
    const found = fileOf(socket);
    try {
      await once(server.listen(socket), 'listening');
      return true;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EADDRINUSE') throw error;
    }
    if (await isTaken(socket)) return false;
    // One that has made the file may be about to listen.
    await pause(LISTENS_MS);
    if (await isTaken(socket)) return false;
    // A killed process left the file, unless another one has removed it and listens now.
    if (found !== undefined && found === fileOf(socket)) rmSync(socket, { force: true });
  }
}

/** Returns what tells a file from one that is made later at the same path. */
function fileOf(path: string): string | undefined {
  const found = statSync(path, { throwIfNoEntry: false });
  return found && `${found.ino} ${found.ctimeMs}`;
}

async function main(): Promise<void> {
  const start = (await json(process.stdin)) as SharedLabStart;
  const { socket } = start;
  const lab = new SharedLab(start);
  const server = createServer(lab.answer);
  if (!(await take(server, socket))) process.exit();
  await chmod(socket, 0o600);
  process.stdout.write('ready\n');
  await lab.over();
  // Before the lab is stopped, so that the next test starts another one.
  rmSync(socket, { force: true });
  await lab[Symbol.asyncDispose]();
  process.exit();
}

if (import.meta.main) await main();
