import type pg from 'pg';
import { postgresClient } from './postgres/client.ts';

/** Connections to the scenario's database that look like the service's. Disposing of it closes them. */
export class MoreConnections implements AsyncDisposable {
  readonly #url: string | undefined;
  readonly #clients: pg.Client[] = [];

  /** @param url The database's URL for the service, or undefined if there is no database. */
  constructor(url: string | undefined) {
    this.#url = url;
  }

  /** Opens a connection. Returns false if the database refuses it, as it may because of a fault. */
  open = async (): Promise<boolean> => {
    if (this.#url === undefined) return false;
    const client = postgresClient(this.#url);
    client.on('error', () => {}); // The scenario may end it.
    this.#clients.push(client);
    return client.connect().then(
      () => true,
      () => false,
    );
  };

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all(this.#clients.map((client) => client.end()));
  }
}
