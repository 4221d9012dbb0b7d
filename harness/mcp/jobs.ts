import { atMostFor } from '../base/clock.ts';
import { EXIT, ProofloadError } from '../base/errors.ts';
import { callText, type Data } from './answer.ts';
import { errorOf, type Outcome, runCli } from './run-cli.ts';
import type { ToolCall } from './tool.ts';

/** A command to run, and how to describe what it found. */
export interface Task {
  /** The tool that was called, which the handle begins with. */
  readonly tool: string;
  /** The arguments of the command. */
  readonly args: readonly string[];
  /** Whether the command also reports its progress on standard output. By default, only standard error counts. */
  readonly isProgressPrinted?: boolean;
  /** Describes the result of a command that has ended, also if it was cancelled. */
  describe(outcome: Outcome, began: Date): Promise<Data>;
}

/** Exit codes of commands that could not do their work. */
const FAILED: readonly number[] = [EXIT.labFailed, EXIT.usage];

/** A command that continues to run after the call that started it has been answered. */
class Job {
  readonly handle: string;
  readonly #task: Task;
  readonly #began = new Date();
  readonly #cancelling = new AbortController();
  #seconds: number | undefined;
  #result: Data | Error | undefined;
  #latest = 'starting';
  #scenario = '';
  /** Resolves when the command's processes have ended. */
  readonly ended: Promise<void>;

  constructor(handle: string, task: Task) {
    this.handle = handle;
    this.#task = task;
    this.ended = this.#run();
  }

  async #run(): Promise<void> {
    const { args, isProgressPrinted, describe } = this.#task;
    try {
      const outcome = await runCli(args, {
        signal: this.#cancelling.signal,
        line: (text, stream) => {
          if (text.trim() !== '' && (stream === 'stderr' || isProgressPrinted)) this.#see(text);
        },
      });
      const isCancelled = this.#cancelling.signal.aborted;
      if (!isCancelled && FAILED.includes(outcome.exitCode)) throw errorOf(outcome);
      // A command that was interrupted may have written no result.
      this.#result = await describe(outcome, this.#began).catch((error) => {
        if (isCancelled) return {};
        throw error;
      });
    } catch (error) {
      this.#result = error instanceof Error ? error : new Error(String(error));
    }
    this.#seconds = this.seconds;
  }

  /** Notes a line. The phases of a scenario that runs alone have no name, unlike its first line. */
  #see(text: string): void {
    this.#scenario = /^(\w+\/\S+) \(/.exec(text)?.[1] ?? this.#scenario;
    const isPhase = /^ +[\d.]+ s {2}(?!\w+\/\S+: )/.test(text);
    this.#latest = isPhase ? `${this.#scenario}: ${text.trim()}` : text.trim();
  }

  get isRunning(): boolean {
    return this.#seconds === undefined;
  }

  get seconds(): number {
    return this.#seconds ?? Math.round((Date.now() - this.#began.getTime()) / 100) / 10;
  }

  /** What the command does now. */
  get latest(): string {
    return `${this.handle}, ${this.seconds.toFixed(0)} s: ${this.#latest}`;
  }

  /** Interrupts the command, and waits until its processes have ended. */
  async cancel(): Promise<void> {
    if (this.isRunning) this.#cancelling.abort();
    await this.ended;
  }

  /**
   * Returns the job's state, and its result if it has ended.
   *
   * @throws Error if the command could not do its work
   */
  state(): Data {
    const { handle, seconds } = this;
    if (this.isRunning) {
      const next = [callText('status', { handle }), callText('cancel', { handle })];
      return { state: 'running', handle, seconds, progress: this.#latest, next };
    }
    if (this.#result instanceof Error) throw this.#result;
    return { state: this.#cancelling.signal.aborted ? 'cancelled' : 'done', handle, seconds, ...this.#result };
  }
}

/** How many jobs that have ended are kept. */
const KEPT = 20;

/** The commands that a server runs, at most one at a time, because commands at the same time disturb each other. */
export class Jobs {
  readonly #began = new Date();
  #jobs: Job[] = [];
  #started = 0;

  /**
   * Starts a command, and follows it.
   *
   * @throws ProofloadError RUN_IN_PROGRESS if another one is running
   */
  async start(task: Task, waitSeconds: number, call: ToolCall): Promise<Data> {
    this.requireIdle();
    this.#started += 1;
    const job = new Job(`${task.tool}-${this.#started}`, task);
    this.#jobs = [...this.#jobs.slice(1 - KEPT), job];
    return this.#follow(job, waitSeconds, call);
  }

  /**
   * Makes sure that no command is running, for example because the latest run has not ended.
   *
   * @throws ProofloadError RUN_IN_PROGRESS
   */
  requireIdle(): void {
    const running = this.#jobs.find(({ isRunning }) => isRunning);
    if (running === undefined) return;
    const { handle, latest } = running;
    throw new ProofloadError(
      'RUN_IN_PROGRESS',
      `${latest}. Only one command runs at a time: wait with ${callText('status', { handle })}, or end it with ${callText('cancel', { handle })}`,
    );
  }

  /** Waits until a job has ended, but at most this long, and returns its state. */
  status(handle: string | undefined, waitSeconds: number, call: ToolCall): Promise<Data> {
    return this.#follow(this.#find(handle), waitSeconds, call);
  }

  /** Ends a job, and returns its state. */
  async cancel(handle: string | undefined): Promise<Data> {
    const job = this.#find(handle);
    await job.cancel();
    return job.state();
  }

  /** Ends all jobs. */
  async end(): Promise<void> {
    await Promise.all(this.#jobs.map((job) => job.cancel()));
  }

  async #follow(job: Job, waitSeconds: number, { signal, progress }: ToolCall): Promise<Data> {
    // A client that cancels the call does not want to wait any longer, and may not even know the handle.
    const cancel = () => void job.cancel();
    signal.addEventListener('abort', cancel);
    if (signal.aborted) cancel();
    const telling = setInterval(() => progress(job.latest), 500);
    try {
      await atMostFor(waitSeconds * 1_000, job.ended);
      return job.state();
    } finally {
      clearInterval(telling);
      signal.removeEventListener('abort', cancel);
    }
  }

  /** @throws ProofloadError USAGE if there is no such job */
  #find(handle: string | undefined): Job {
    const found = handle === undefined ? this.#jobs.at(-1) : this.#jobs.find((job) => job.handle === handle);
    if (found !== undefined) return found;
    const known = this.#jobs.map((job) => job.handle).join(', ') || 'none yet';
    const missing = handle === undefined ? 'nothing has been started' : `there is no handle "${handle}"`;
    throw new ProofloadError(
      'USAGE',
      `${missing} since this server started at ${this.#began.toISOString()}; handles end with their server, but ${callText('why', { run: 'latest' })} reads past runs; allowed: ${known}`,
    );
  }
}
