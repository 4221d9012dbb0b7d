import { once } from 'node:events';
import type { AddressInfo, Server } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { holdPort } from './hold-port.ts';

/** A server port that can refuse connections temporarily and then listen on the same port again. */
export class RefusablePort implements AsyncDisposable {
  readonly address: AddressInfo;
  readonly #server: Server;
  #refusing = 0;
  #release = () => {};
  #isDisposed = false;

  private constructor(server: Server) {
    this.#server = server;
    this.address = server.address() as AddressInfo;
  }

  /** Listens on any free port of 127.0.0.1. */
  static async open(server: Server): Promise<RefusablePort> {
    await once(server.listen(0, '127.0.0.1'), 'listening');
    return new RefusablePort(server);
  }

  /** Refuses new connections (ECONNREFUSED) until all calls have been undone. Open connections stay open. */
  refuse(): () => Promise<void> {
    if (this.#refusing++ === 0) {
      this.#server.close();
      this.#release = holdPort(this.address.port);
    }
    return async () => {
      if (--this.#refusing === 0) await this.#listenAgain();
    };
  }

  /** Stops listening permanently. Open connections stay open. Resolves when the last of them has been closed. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#isDisposed = true;
    this.#release();
    const closed = this.#server.listening ? once(this.#server, 'close') : undefined;
    this.#server.close();
    await closed;
  }

  async #listenAgain(): Promise<void> {
    const { address, port } = this.address;
    this.#release();
    while (!this.#isDisposed && this.#refusing === 0 && !this.#server.listening) {
      try {
        await once(this.#server.listen(port, address), 'listening');
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'EADDRINUSE') throw error;
        // The system has assigned the port to a client connection before it was held. It will soon be free again.
        await sleep(20);
      }
    }
  }
}
