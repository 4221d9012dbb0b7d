import type { EndSignal } from '../../contract/schema/termination.ts';
import type { ServiceProcess } from './service-process.ts';

/** The service under test across restarts, which consists of successive processes at the same address. */
export class RestartableService implements AsyncDisposable {
  /** Resolves when a process exits unexpectedly. */
  readonly gone: Promise<void>;
  readonly #start: () => Promise<ServiceProcess>;
  #current: ServiceProcess;
  #sayGone: () => void = () => {};

  private constructor(start: () => Promise<ServiceProcess>, first: ServiceProcess) {
    this.#start = start;
    this.#current = first;
    this.gone = new Promise((resolve) => {
      this.#sayGone = resolve;
    });
    this.#watch();
  }

  /** @throws ProofloadError SERVICE_NOT_READY, now or when the service is restarted */
  static async start(start: () => Promise<ServiceProcess>): Promise<RestartableService> {
    return new RestartableService(start, await start());
  }

  /** The current process ID, or undefined if the lab has not started the service. */
  get pid(): number | undefined {
    return this.#current.pid;
  }

  /** The current process IDs of the service and its workers. Empty if they run in containers. */
  get pids(): readonly number[] {
    return this.#current.pids;
  }

  get url(): string {
    return this.#current.url;
  }

  /** Stops the process with a signal and starts a new one. Resolves when it is ready. */
  async restart(signal: EndSignal): Promise<void> {
    await this.#current.stop(signal);
    this.#current = await this.#start();
    this.#watch();
  }

  /** Ends the process without waiting for its calls. */
  async kill(): Promise<void> {
    await this.#current.stop('SIGKILL');
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#current[Symbol.asyncDispose]();
  }

  #watch(): void {
    const watched = this.#current;
    watched.exited.then(() => {
      if (!watched.wasStopped) this.#sayGone();
    });
  }
}
