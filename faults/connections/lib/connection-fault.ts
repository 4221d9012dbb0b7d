import type { z } from 'zod';
import { defineFault, type Engaged, type FaultKind, type Refusing, type Undo } from '../../kinds/lib/fault.ts';
import type { ProxiedConnection } from '../../proxy/proxied-connection.ts';

/** The connections to a proxied server, as seen by faults. */
export interface FaultyConnections extends Refusing {
  /** Lets a fault act on open and new connections until it is undone. */
  disrupt(fault: Engaged, act: (connection: ProxiedConnection) => Undo | undefined): Undo;
}

/**
 * Defines a kind of fault that acts on individual connections. `act` returns a function that undoes it, or nothing if
 * it can't be undone.
 */
export const defineConnectionFault = <Shape extends z.ZodRawShape>(definition: {
  kind: string;
  does: string;
  fields: Shape;
  create(options: z.output<z.ZodObject<Shape>>): (connection: ProxiedConnection) => Undo | undefined;
}): FaultKind<FaultyConnections> =>
  defineFault<Shape, FaultyConnections>({
    ...definition,
    actsOn: 'connections',
    create(options) {
      return { engage: (connections, fault) => connections.disrupt(fault, definition.create(options)) };
    },
  });
