import { z } from 'zod';
import { createDelays, latencyFields } from '../../../faults/kinds/latency.ts';
import { defineConnectionFault } from './fault.ts';

/**
 * Delays everything on the wire by at least `milliseconds`, give or take the jitter, in both directions unless
 * `direction` is one; the order stays. Each connection and direction has the same sequence for the same `seed`.
 */
export const latency = defineConnectionFault({
  kind: 'latency',
  does: 'delays everything on the wire by so much',
  fields: {
    ...latencyFields,
    direction: z.enum(['to-server', 'to-client']).optional().describe('"to-server" or "to-client"; both without it'),
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
