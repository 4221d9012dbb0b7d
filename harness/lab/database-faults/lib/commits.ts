import { readCommits, readReady } from '../../../../faults/calls/postgres-commits.ts';
import type { FaultyProxy } from '../../../../faults/connections/lib/faulty-proxy.ts';
import type { Engaged, Undo } from '../../../../faults/kinds/lib/fault.ts';
import type { ProxiedConnection } from '../../../../faults/proxy/proxied-connection.ts';

/** The commits that insert rows into some tables, on all connections of a proxy. Calls inside TLS are not seen. */
export class Commits {
  readonly #faults = new Set<Engaged>();

  /** Create it before the first connection, because it must see the statements that a connection prepares. */
  constructor(proxy: FaultyProxy, tables: readonly string[]) {
    proxy.watch((connection) => {
      const commits = readCommits(...tables);
      connection.observe('client', (bytes) => {
        if (commits(bytes)) this.#meet(connection);
      });
    });
  }

  /** Loses the replies to the commits on which the fault acts, until this is undone. */
  loseReplies(fault: Engaged): Undo {
    this.#faults.add(fault);
    return () => {
      this.#faults.delete(fault);
    };
  }

  #meet(connection: ProxiedConnection): void {
    for (const fault of this.#faults) {
      if (!fault.consider({ connection: 'calling' })) continue;
      connection.receipt.faults.push(fault.name);
      connection.toClient.swallow();
      const isReady = readReady();
      connection.observe('server', (bytes) => {
        if (isReady(bytes)) connection.reset();
      });
      return;
    }
  }
}
