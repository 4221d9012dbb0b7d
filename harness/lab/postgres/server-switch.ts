/** A PostgreSQL server as a process that the lab can stop and start, at the same address. */
export interface ServerProcess {
  /** Stops the server immediately (PostgreSQL's immediate shutdown); resolves when it has ended. */
  stop(): Promise<void>;
  /** Starts the server; resolves when it accepts connections. */
  start(): Promise<void>;
}

/** Keeps a server stopped while at least one caller needs it stopped. */
export class ServerSwitch {
  readonly #server: ServerProcess;
  #stops = 0;
  #isRunning = true;
  #turn: Promise<void> = Promise.resolve();

  constructor(server: ServerProcess) {
    this.#server = server;
  }

  /**
   * Stops the server; resolves when it has ended. The returned function resolves when the server is running again, or
   * when another caller still needs it stopped.
   */
  async stop(): Promise<() => Promise<void>> {
    this.#stops++;
    await this.#apply();
    return () => {
      this.#stops--;
      return this.#apply();
    };
  }

  #apply(): Promise<void> {
    this.#turn = this.#turn
      .catch(() => {}) // the caller of that turn was told
      .then(async () => {
        const shouldRun = this.#stops === 0;
        if (shouldRun === this.#isRunning) return;
        await (shouldRun ? this.#server.start() : this.#server.stop());
        this.#isRunning = shouldRun;
      });
    return this.#turn;
  }
}
