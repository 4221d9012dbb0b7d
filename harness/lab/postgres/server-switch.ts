/** A PostgreSQL server that the lab can stop and start at the same address. */
export interface ServerProcess {
  /** Stops the server immediately (PostgreSQL's immediate shutdown). Resolves when it has exited. */
  stop(): Promise<void>;
  /** Starts the server. Resolves when it accepts connections. */
  start(): Promise<void>;
}

/** Keeps a server stopped as long as at least one caller needs this. */
export class ServerSwitch {
  readonly #server: ServerProcess;
  #stops = 0;
  #isRunning = true;
  #turn: Promise<void> = Promise.resolve();

  constructor(server: ServerProcess) {
    this.#server = server;
  }

  /**
   * Stops the server. Resolves when it has exited. The returned function resolves when the server is running again, or
   * immediately if another caller still needs it to be stopped.
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
      .catch(() => {}) // that caller has already received the error
      .then(async () => {
        const shouldRun = this.#stops === 0;
        if (shouldRun === this.#isRunning) return;
        await (shouldRun ? this.#server.start() : this.#server.stop());
        this.#isRunning = shouldRun;
      });
    return this.#turn;
  }
}
