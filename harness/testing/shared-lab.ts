import { type ChildProcess, spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { lstat, mkdir, readdir } from 'node:fs/promises';
import { type IncomingMessage, request } from 'node:http';
import { tmpdir, userInfo } from 'node:os';
import { basename, join } from 'node:path';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { isMainThread } from 'node:worker_threads';
import manifest from '../../package.json' with { type: 'json' };
import { CODES, ProcessFailure, ProofloadError } from '../base/errors.ts';
import { printError } from '../base/print.ts';
import type { Contract } from '../contract/contract.ts';
import { isOwnDefinition, serviceFiles } from '../project/service-files.ts';
import type { RunResult } from '../verdict/run-result.ts';
import type { Addresses } from '../workbench/open-bench.ts';
import type { LeaseRequest, SentError, SharedLabStart } from './shared-lab-process.ts';

const PROGRAM = fileURLToPath(new URL('shared-lab-process.ts', import.meta.url));

/** How long to wait before saying so, in milliseconds. */
const SAY_AFTER_MS = 5_000;

/** The use of a lab that other test files and later runs of the test runner use as well. */
export interface Lease {
  readonly addresses: Addresses;
  run(scenarios: readonly string[]): Promise<RunResult>;
  /** Heals the lab, and gives it to the next test. */
  end(): void;
}

export interface LeaseOptions extends Omit<SharedLabStart, 'socket'> {
  readonly contract: Contract;
  readonly idleSeconds: number;
}

/** The leases of this thread. A test file that uses a lab twice would otherwise wait for itself. */
const held = new Map<string, { readonly lease: Promise<Lease>; users: number }>();

/**
 * Waits for the lab of a contract and its settings, and starts it if nobody has. It is used by one test file at a time,
 * because the faults of one would disturb the others.
 *
 * @throws ProofloadError if the lab or the service does not start
 */
export async function leaseLab(options: LeaseOptions): Promise<Lease> {
  const socket = await socketOf(options);
  const entry = held.get(socket) ?? { lease: waitForLease(socket, options), users: 0 };
  held.set(socket, entry);
  entry.users += 1;
  const leave = () => {
    entry.users -= 1;
    if (entry.users === 0) held.delete(socket);
    return entry.users === 0;
  };
  const lease = await entry.lease.catch((error) => {
    leave();
    throw error;
  });
  let isOver = false;
  return {
    ...lease,
    end() {
      if (!isOver && leave()) lease.end();
      isOver = true;
    },
  };
}

async function waitForLease(socket: string, { flags, conditions, idleSeconds }: LeaseOptions): Promise<Lease> {
  const requested: LeaseRequest = { owner: ownerOf(), idleSeconds };
  const waits = 'startLab waits for the shared lab: it is starting, or another test uses it';
  const waiting = setTimeout(() => printError(waits), SAY_AFTER_MS);
  try {
    for (;;) {
      const response = await send(socket, '/lease', requested);
      if (!response) await start({ socket, flags, conditions });
      else {
        const line = await firstLine(response);
        if (line !== undefined && response.statusCode !== 200) throw errorOf(line);
        // It has ended meanwhile, so it is started again.
        if (line === undefined) continue;
        // A test that forgets to dispose of its lab ends nevertheless.
        response.socket.unref();
        return {
          addresses: JSON.parse(line),
          run: (scenarios) => runIn(socket, scenarios),
          end: () => response.destroy(),
        };
      }
    }
  } finally {
    clearTimeout(waiting);
  }
}

async function runIn(socket: string, scenarios: readonly string[]): Promise<RunResult> {
  const response = await send(socket, '/run', scenarios);
  const answer = response && (await text(response));
  if (response?.statusCode !== 200) throw errorOf(answer);
  return JSON.parse(answer as string);
}

/** Returns the first line of a response that continues, or undefined if it ends before. */
function firstLine(response: IncomingMessage): Promise<string | undefined> {
  let said = '';
  return new Promise((resolve) => {
    response.setEncoding('utf8').on('data', (more) => {
      said += more;
      if (said.endsWith('\n')) resolve(said);
    });
    response.on('error', () => resolve(undefined)).on('end', () => resolve(undefined));
  });
}

function errorOf(sent: string | undefined): Error {
  if (!sent) return new ProofloadError('FAKES_FAILED', 'the shared lab has ended');
  const { code, message, output } = JSON.parse(sent) as SentError;
  if (!Object.hasOwn(CODES, code)) return new Error(message);
  const cause = output.length > 0 ? { cause: new ProcessFailure(message, output) } : {};
  return new ProofloadError(code as keyof typeof CODES, message, cause);
}

/** Returns the response of the process of a lab, or undefined if there is none. */
function send(socket: string, path: string, body: unknown): Promise<IncomingMessage | undefined> {
  return new Promise((resolve, reject) => {
    const sending = request({ socketPath: socket, path, method: 'POST', agent: false }, resolve);
    sending.on('error', (error: NodeJS.ErrnoException) => {
      if (['ENOENT', 'ECONNREFUSED', 'ECONNRESET', 'EPIPE'].includes(error.code ?? '')) resolve(undefined);
      else reject(error);
    });
    sending.end(JSON.stringify(body));
  });
}

/** Starts the process of a lab. It continues after this one, and ends with its owner. */
async function start(started: SharedLabStart): Promise<void> {
  const child = spawn(process.execPath, [PROGRAM], { detached: true, stdio: ['pipe', 'pipe', 'pipe'] });
  child.stdin.end(JSON.stringify(started));
  const said = text(child.stderr).catch(() => '');
  await Promise.race([once(child.stdout, 'data'), once(child, 'exit')]);
  // Another process may have started the same lab.
  if (child.exitCode) throw new Error(`the shared lab does not start: ${await said}`);
  release(child);
}

/** Lets this process end before the other one. */
function release(child: ChildProcess): void {
  child.unref();
  child.stdout?.destroy();
  child.stderr?.destroy();
}

/**
 * Returns the process with which a lab ends: that of the test runner. Vitest, Jest and `node --test` run test files in
 * processes that end before the next file begins.
 */
function ownerOf(): number {
  const { NODE_TEST_CONTEXT, VITEST, JEST_WORKER_ID } = process.env;
  const isForked = (VITEST !== undefined || JEST_WORKER_ID !== undefined) && process.connected;
  return isMainThread && (isForked || NODE_TEST_CONTEXT !== undefined) ? process.ppid : process.pid;
}

/**
 * Returns the socket of the lab for a contract and its settings, in a folder that only this user can access. Ends the
 * labs of earlier versions of the contract.
 */
async function socketOf({ flags, conditions, contract }: LeaseOptions): Promise<string> {
  const folder = await labsFolder();
  const { files } = await serviceFiles(flags.contract, undefined, flags.results);
  const own = [...files].filter(([path]) => isOwnDefinition(path, flags.contract));
  const settings = digest([manifest.version, process.version, flags, conditions]);
  const socket = join(folder, `${settings}-${digest([contract, own])}.sock`);
  const others = (await readdir(folder)).filter((name) => name.startsWith(settings) && name !== basename(socket));
  for (const name of others) await send(join(folder, name), '/retire', null).catch(() => undefined);
  return socket;
}

const digest = (value: unknown): string =>
  createHash('sha256').update(JSON.stringify(value)).digest('hex').slice(0, 12);

/** The longest path of a folder in which a socket fits. */
const LONGEST = 60;

/**
 * Returns the folder with the sockets of this user's labs.
 *
 * @throws ProofloadError USAGE if it belongs to someone else, or others can access it
 */
async function labsFolder(): Promise<string> {
  const { uid, username } = userInfo();
  const parent = tmpdir().length > LONGEST ? '/tmp' : tmpdir();
  const folder = join(parent, `proofload-labs-${uid < 0 ? username : uid}`);
  await mkdir(folder, { mode: 0o700 }).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'EEXIST') throw error;
  });
  const found = await lstat(folder);
  if (found.isDirectory() && (uid < 0 || (found.uid === uid && (found.mode & 0o077) === 0))) return folder;
  throw new ProofloadError(
    'USAGE',
    `${folder} is not a folder that only this user can access; allowed: mode 0700. Remove it, or set TMPDIR`,
  );
}
