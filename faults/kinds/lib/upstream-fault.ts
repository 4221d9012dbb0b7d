import type { z } from 'zod';
import { defineFault, type FaultKind } from './fault.ts';

/**
 * How a fault affects calls to its upstream:
 *
 * - `fails`: a call fails as soon as it arrives
 * - `stream`: the same, but only for calls whose response is a stream
 * - `waits`: a call waits until its timeout, or for the time that the fault specifies
 * - `port`: all connections are affected, regardless of the caller
 * - `none`: calls succeed as usual
 */
export type Effect = 'fails' | 'stream' | 'waits' | 'port' | 'none';

/** A kind of fault that an upstream supports. */
export interface UpstreamFault extends FaultKind {
  readonly effect: Effect;
}

/** Defines a kind of upstream fault. It acts on requests, or on the port if that is its effect. */
export function defineUpstreamFault<Shape extends z.ZodRawShape>(
  definition: Omit<Parameters<typeof defineFault<Shape>>[0], 'actsOn'> & Pick<UpstreamFault, 'effect'>,
): UpstreamFault {
  const { effect } = definition;
  return { ...defineFault({ ...definition, actsOn: effect === 'port' ? 'port' : 'requests' }), effect };
}
