import type { Service } from './service.ts';

/** The service under test through its restarts: one process after the other, at the same address. */
export class RunningService implements AsyncDisposable {
  /** Resolves when a process has ended that nobody had asked to. */
  readonly gone: Promise<void>;
  readonly #start: () => Promise<Service>;
  #current: Service;
  #sayGone: () => void = () => {};

  private constructor(start: () => Promise<Service>, first: Service) {
    this.#start = start;
    this.#current = first;
    this.gone = new Promise((resolve) => {
      this.#sayGone = resolve;
    });
    this.#watch();
  }

  /** @throws ProofloadError SERVICE_NOT_READY, as each restart may. */
  static async start(start: () => Promise<Service>): Promise<RunningService> {
    return new RunningService(start, await start());
  }

  /** Of the newest process; undefined for one that the lab has not started. */
  get pid(): number | undefined {
    return this.#current.pid;
  }

  get url(): string {
    return this.#current.url;
  }

  /** Ends the process by a signal, and starts another once it is gone; answers when that is ready. */
  async restart(signal: 'SIGTERM' | 'SIGKILL'): Promise<void> {
    await this.#current.stop(signal);
    this.#current = await this.#start();
    this.#watch();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#current.stop();
  }

  #watch(): void {
    const watched = this.#current;
    watched.exited.then(() => {
      if (!watched.wasAsked) this.#sayGone();
    });
  }
}
