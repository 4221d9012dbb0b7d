import type { FaultyConnections } from '../../../../faults/connections/lib/connection-fault.ts';
import type { Engaged } from '../../../../faults/kinds/lib/fault.ts';

/** A database, as faults act on it. */
export interface FaultyDatabase extends FaultyConnections {
  /** The administrator's URL, which bypasses the proxy. */
  readonly adminUrl: string;
  /** The role that the service connects as. */
  readonly role: string;
  /** The table that is locked if a fault names none. */
  readonly table: string | undefined;
  /** Counts the open connections, for a fault that ends all of them. */
  countConnections(fault: Engaged): void;
  /** Adds a receipt of the time during which a fault acts. Call the returned function at its end. */
  span(fault: Engaged): () => void;
  /** Stops the server immediately; resolves when it has ended. The returned function starts it again. */
  stopServer(): Promise<() => Promise<void>>;
}
