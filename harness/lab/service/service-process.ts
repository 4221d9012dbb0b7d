import { now } from '../../base/clock.ts';
import { messageOf, ProcessFailure, ProofloadError } from '../../base/errors.ts';
import { keepLast } from '../../base/keep-last.ts';
import { namesError } from '../../base/names-error.ts';
import type { Contract } from '../../contract/contract.ts';
import type { ServiceEvent } from '../../history/events.ts';
import { portsOf } from '../../machine/listeners.ts';
import { familyOf } from '../../machine/process-tree.ts';
import type { Exit } from '../../process/child.ts';
import { awaitReady } from '../../process/readiness.ts';
import type { Reaper } from '../../process/reaper.ts';
import type { Launch } from './launch.ts';
import { requireOwnPort } from './own-port.ts';
import type { Program } from './program.ts';
import { ServiceLog } from './service-log.ts';
import { startProgram } from './start-program.ts';

export interface ServiceOptions {
  contract: Contract;
  launch: Launch;
  /** The port in its settings. */
  port: number;
  reaper: Reaper;
  logFile: string;
  onLine: (line: string) => void;
  /** Whether any response means that it is ready, for a service whose ready path is not known. */
  isReadyWithAnyStatus?: boolean | undefined;
  /** Called after the last line of a process. */
  onEnd?: () => void;
  record: (event: ServiceEvent) => void;
}

/** How long a service may take to exit before it is killed, and how much longer than promised, in milliseconds. */
const SHORTEST_GRACE_MS = 15_000;
const LATER_MS = 5_000;
/** The same if nobody judges how it ends, in milliseconds. A slow end would prolong each scenario. */
const UNJUDGED_GRACE_MS = 2_000;

/** The number of lines of its log in which the error that ended a service is looked for. It may have a long stack. */
const KEPT = 60;

/** The service under test, running as a process. */
export class ServiceProcess implements AsyncDisposable {
  readonly url: string;
  readonly exited: Promise<Exit>;
  readonly #child: Program;
  readonly #record: ServiceOptions['record'];
  readonly #reaper: Reaper;
  readonly #graceMs: number;
  /** The signal that asks it to end. */
  readonly #signal: NodeJS.Signals;
  #stopRequested = false;

  private constructor(
    child: Program,
    url: string,
    { contract, record, reaper }: Pick<ServiceOptions, 'contract' | 'record' | 'reaper'>,
    tail: readonly string[],
  ) {
    this.#child = child;
    this.#record = record;
    this.#reaper = reaper;
    this.#graceMs = Math.max(SHORTEST_GRACE_MS, (contract.termination?.graceSeconds ?? 0) * 1_000 + LATER_MS);
    this.#signal = contract.termination?.signal ?? 'SIGTERM';
    this.url = url;
    this.exited = child.exited.then((exit) => {
      // Node and others print more after the error that ended them.
      const said = tail.findLast(namesError) ?? tail.findLast((line) => line.trim() !== '');
      record({
        type: 'service',
        at: now(),
        event: 'exited',
        ...exit,
        asked: this.wasStopped,
        ...(said !== undefined && !this.wasStopped && { said }),
      });
      return exit;
    });
  }

  /**
   * Starts the service and waits until its ready path returns 2xx.
   *
   * @throws ProofloadError SERVICE_NOT_READY, caused by a ProcessFailure, or SERVICE_PORT_TAKEN
   */
  static async start(options: ServiceOptions): Promise<ServiceProcess> {
    const { contract, reaper, record } = options;
    const url = `http://127.0.0.1:${options.port}`;
    const log = new ServiceLog(options.logFile);
    const tail: string[] = [];
    const { container, cwd = process.cwd() } = options.launch;
    const from = container ? '' : `, from the folder ${cwd}`;
    const child = await startProgram(options.launch, reaper, (line) => {
      keepLast(tail, log.write(line), KEPT);
      options.onLine(line);
    }).catch((error) => {
      if (error instanceof ProofloadError) throw error;
      notReady(contract, new Error(`${messageOf(error).trim()}${from}`));
    });
    const service = new ServiceProcess(child, url, options, tail);
    service.exited.then(() => {
      log.end();
      options.onEnd?.();
    });
    const { readyPath, readySeconds } = contract.start;
    const accepts = options.isReadyWithAnyStatus ? () => true : undefined;
    const { isReady, answer } = await awaitReady(child, url + readyPath, readySeconds * 1_000, accepts);
    if (!isReady) {
      const elsewhere = answer === undefined && service.running ? whyNoAnswer(service.pids, options.port) : '';
      await service[Symbol.asyncDispose]();
      notReady(
        contract,
        new ProcessFailure(`no 2xx from ${readyPath}${answer ? `, but ${answer}` : elsewhere}`, tail.slice(-20)),
      );
    }
    try {
      const unchecked = requireOwnPort(child, options.launch, options.port);
      record({ type: 'service', at: now(), event: 'started', ...(unchecked !== undefined && { unchecked }) });
    } catch (error) {
      await service[Symbol.asyncDispose]();
      throw error;
    }
    return service;
  }

  /**
   * Stops the service with a signal, by default the one that asks it to end. Kills it with SIGKILL if it does not exit within 15 s, or
   * within 5 s after the promised time if that is longer.
   */
  stop(signal: NodeJS.Signals = this.#signal): Promise<void> {
    return this.#stop(signal, this.#graceMs);
  }

  /** Its process ID, or undefined if it runs in a container. */
  get pid(): number | undefined {
    return this.#child.pid;
  }

  /** The process IDs of the service and its workers. Empty if they run in containers. */
  get pids(): number[] {
    return [this.#child.pid, ...(this.#child.workers ?? [])].flatMap((pid) => pid ?? []);
  }

  get running(): boolean {
    return this.#child.running;
  }

  /** Whether the lab has begun to stop it, or kills all of its processes because the run was ended. */
  get wasStopped(): boolean {
    return this.#stopRequested || this.#reaper.isKilling;
  }

  /** Asks the service to end, and kills it after 2 s. Use it if nobody judges how it ends. */
  [Symbol.asyncDispose](): Promise<void> {
    return this.#stop(this.#signal, UNJUDGED_GRACE_MS);
  }

  async #stop(signal: NodeJS.Signals, graceMs: number): Promise<void> {
    this.#stopRequested = true;
    if (this.running) this.#record({ type: 'service', at: now(), event: 'signalled', signal });
    await this.#child.stop(graceMs, signal);
    await this.exited;
  }
}

/** Returns at which ports processes listen instead of the lab's, or that they listen at none. */
function whyNoAnswer(pids: readonly number[], port: number): string {
  const ports = portsOf(familyOf(pids).map(({ pid }) => pid));
  if (ports === undefined) return '';
  if (ports.includes(port)) return `: it accepts connections at port ${port}, but sends no response`;
  const own = ports.length === 0 ? 'no port' : `port ${ports.join(', ')}`;
  return `: it listens at ${own}, and not at the lab's port ${port}. Give it \${port} in \`environment\` or \`start.command\``;
}

function notReady(contract: Contract, cause: Error): never {
  const { command = [], container } = contract.start;
  const started = [container?.image ?? container?.dockerfile, ...command].filter(Boolean).join(' ');
  throw new ProofloadError('SERVICE_NOT_READY', `${contract.name} (${started}) is not ready: ${cause.message}`, {
    cause,
  });
}
