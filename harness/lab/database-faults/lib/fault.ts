import type { z } from 'zod';
import {
  defineFault,
  type Engaged,
  type FaultKind,
  type Refusing,
  type Undo,
} from '../../../../faults/kinds/lib/fault.ts';
import type { ProxiedConnection } from '../../../../faults/proxy/proxied-connection.ts';

/** A database, as faults act on it. */
export interface FaultyDatabase extends Refusing {
  /** The administrator's URL, which bypasses the proxy. */
  readonly adminUrl: string;
  /** The role that the service connects as. */
  readonly role: string;
  /** The table that is locked if a fault names none. */
  readonly table: string | undefined;
  /** Lets a fault act on open and new connections until it is undone. */
  disrupt(fault: Engaged, act: (connection: ProxiedConnection) => Undo | undefined): Undo;
  /** Counts the open connections, for a fault that ends all of them. */
  countConnections(fault: Engaged): void;
  /** Adds a receipt of the time during which a fault acts. Call the returned function at its end. */
  span(fault: Engaged): () => void;
  /** Stops the server immediately; resolves when it has ended. The returned function starts it again. */
  stopServer(): Promise<() => Promise<void>>;
}

/**
 * Defines a kind of fault that acts on single connections. `act` returns a function that undoes it, or nothing if it
 * can't be undone.
 */
export const defineConnectionFault = <Shape extends z.ZodRawShape>(definition: {
  kind: string;
  does: string;
  fields: Shape;
  create(options: z.output<z.ZodObject<Shape>>): (connection: ProxiedConnection) => Undo | undefined;
}): FaultKind<FaultyDatabase> =>
  defineFault<Shape, FaultyDatabase>({
    ...definition,
    actsOn: 'connections',
    create(options) {
      return { engage: (database, fault) => database.disrupt(fault, definition.create(options)) };
    },
  });
