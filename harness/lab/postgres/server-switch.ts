/** A PostgreSQL server as a process that the lab can stop and start, at the same address. */
export interface ServerProcess {
  /** Ends it at once (PostgreSQL's immediate shutdown), and resolves when it is gone. */
  stop(): Promise<void>;
  /** Resolves when it takes connections again. */
  start(): Promise<void>;
}

/** Keeps a server stopped for as long as anybody wants it to be, however these times overlap. */
export class ServerSwitch {
  readonly #server: ServerProcess;
  #stops = 0;
  #isRunning = true;
  #turn: Promise<void> = Promise.resolve();

  constructor(server: ServerProcess) {
    this.#server = server;
  }

  /** Resolves when the server is gone; what it gives resolves when the server is back, if nobody else wants it gone. */
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
      .catch(() => {}) // whoever asked for that turn was told
      .then(async () => {
        const shouldRun = this.#stops === 0;
        if (shouldRun === this.#isRunning) return;
        await (shouldRun ? this.#server.start() : this.#server.stop());
        this.#isRunning = shouldRun;
      });
    return this.#turn;
  }
}
