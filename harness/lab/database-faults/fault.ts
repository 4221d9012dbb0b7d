import type { z } from 'zod';
import { defineFault, type Engaged, type FaultKind, type Refusing, type Undo } from '../../../faults/kinds/fault.ts';
import type { ProxiedConnection } from '../../../faults/proxy/proxied-connection.ts';

/** What faults of a database act on. */
export interface FaultyDatabase extends Refusing {
  /** The administrator's own way to the database, past the proxy. */
  readonly adminUrl: string;
  /** The role that the service connects as. */
  readonly role: string;
  /** The table that is locked where a fault names none. */
  readonly table: string | undefined;
  /** Lets a fault act on the connections that there are and on those that come, until it is undone. */
  disrupt(fault: Engaged, act: (connection: ProxiedConnection) => Undo | undefined): Undo;
  /** Counts the connections that there are for a fault that ends all of them. */
  countConnections(fault: Engaged): void;
  /** Keeps a receipt of the time that a fault acts; to be called back when that is over. */
  span(fault: Engaged): () => void;
  /** Stops the server at once, and resolves when it is gone; undone, it resolves when the server runs again. */
  stopServer(): Promise<() => Promise<void>>;
}

/** Defines a kind of fault that acts on single connections; undone where `act` returns something. */
export const defineConnectionFault = <Shape extends z.ZodRawShape>(definition: {
  kind: string;
  does: string;
  fields: Shape;
  create(options: z.output<z.ZodObject<Shape>>): (connection: ProxiedConnection) => Undo | undefined;
}): FaultKind<FaultyDatabase> =>
  defineFault<Shape, FaultyDatabase>({
    ...{ kind: definition.kind, does: definition.does, fields: definition.fields, actsOn: 'connections' },
    create(options) {
      return { engage: (database, fault) => database.disrupt(fault, definition.create(options)) };
    },
  });
