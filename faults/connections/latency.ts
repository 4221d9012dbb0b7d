import { z } from 'zod';
import { createDelays, latencyFields } from '../kinds/latency.ts';
import { defineConnectionFault } from './lib/connection-fault.ts';

/**
 * Delays all bytes by at least `milliseconds` ± jitter, in order, in both directions or in the given `direction`. With
 * the same `seed`, each connection and direction has the same sequence of delays.
 */
export const latency = defineConnectionFault({
  kind: 'latency',
  does: 'delays all bytes',
  effect: 'waits',
  fields: {
    ...latencyFields,
    direction: z.enum(['to-server', 'to-client']).optional().describe('"to-server" or "to-client"; default: both'),
  },
  create:
    ({ direction, ...options }) =>
    ({ toServer, toClient }) => {
      const lanes = { 'to-server': [toServer], 'to-client': [toClient] };
      const undo = (direction ? lanes[direction] : [toServer, toClient]).map((lane) =>
        lane.delay(createDelays(options)),
      );
      return () => {
        for (const heal of undo) heal();
      };
    },
});
