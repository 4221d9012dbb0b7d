import type { z } from 'zod';
import { Refusal } from '../../base/refusal.ts';
import { defineFault, type Engaged, type FaultKind, type Refusing, type Undo } from '../../kinds/lib/fault.ts';
import type { DeclaredNature } from '../../kinds/lib/nature.ts';
import type { ProxiedConnection } from '../../proxy/proxied-connection.ts';

/**
 * Acts on a connection, either for its whole duration or for a call that has just arrived on it. Returns a function
 * that undoes this, or nothing if it can't be undone.
 */
export type Act = (connection: ProxiedConnection, on: 'connection' | 'call') => Undo | undefined;

/** The connections to a proxied server, as seen by faults. */
export interface FaultyConnections extends Refusing {
  /** Whether calls are recognized, so that faults can act on single calls. */
  readonly countsCalls: boolean;
  /**
   * Applies a fault to open connections, new connections, or connections with a new call, depending on its scope, until
   * it is undone.
   */
  disrupt(fault: Engaged, act: Act): Undo;
}

/** A kind of fault for TCP servers. */
export interface ConnectionFault extends FaultKind<FaultyConnections>, DeclaredNature {
  /** Whether it also affects later calls on the same connection. If so, it can't break a single call. */
  readonly outlastsCalls?: true | undefined;
}

/** Defines a kind of fault that acts on individual connections or calls. */
export const defineConnectionFault = <Shape extends z.ZodRawShape>(
  definition: DeclaredNature<keyof Shape & string> & {
    outlastsCalls?: true;
    kind: string;
    does: string;
    fields: Shape;
    create(options: z.output<z.ZodObject<Shape>>): Act;
  },
): ConnectionFault => ({
  ...defineFault<Shape, FaultyConnections>({
    ...definition,
    actsOn: 'connections',
    create(options) {
      return {
        engage(connections, fault) {
          if (fault.connections === 'calling' && !connections.countsCalls) return Promise.reject(noCalls());
          return connections.disrupt(fault, definition.create(options));
        },
      };
    },
  }),
  effect: definition.effect,
  seen: definition.seen,
  outlastsCalls: definition.outlastsCalls,
});

/**
 * Ends a connection. If it does so for a call, other faults may hold the call first, and it then acts in place of the
 * call's first bytes.
 */
export const endingConnections =
  (end: (connection: ProxiedConnection) => Undo | undefined): Act =>
  (connection, on) => {
    if (on === 'connection') return end(connection);
    let undo: Undo | undefined;
    let isOver = false;
    connection.toServer.inTurn(() => {
      if (!isOver) undo = end(connection);
    });
    return () => {
      isOver = true;
      void undo?.();
    };
  };

const noCalls = (): Refusal =>
  new Refusal(
    'invalid-field',
    '"connections" is "calling", but this server\'s calls are not counted; allowed: "open", "new", or "calling" after ' +
      'adding "calls" to the TCP upstream in the contract, or a breaker with "upstream: database" for the database',
  );
