import type { FaultyConnections } from '../../../../faults/connections/lib/connection-fault.ts';
import type { Engaged, Undo } from '../../../../faults/kinds/lib/fault.ts';

/** A database that faults can act on. */
export interface FaultyDatabase extends FaultyConnections {
  /** The administrator's URL, which bypasses the proxy. */
  readonly adminUrl: string;
  /** The role that the service uses to connect. */
  readonly role: string;
  /** The table to lock if a fault does not specify one. */
  readonly table: string | undefined;
  /**
   * Loses the server's reply to each commit of rows in the contract's ledger, or in the table of a tool, on which the fault acts. The connection is
   * then reset.
   *
   * @throws Refusal `invalid-field` if the contract describes neither
   */
  loseReplies(fault: Engaged): Undo;
  /** Counts the open connections for a fault that closes all of them. */
  countConnections(fault: Engaged): void;
  /** Adds a receipt for the period in which a fault acts. Call the returned function at the end of the period. */
  span(fault: Engaged): () => void;
  /** Stops the server immediately and waits until it has exited. Returns a function that restarts it. */
  stopServer(): Promise<() => Promise<void>>;
}
