import { Disconnect } from './lib/disconnect.ts';
import { pause } from './lib/pause.ts';
import { defineUpstreamFault } from './lib/upstream-fault.ts';

/**
 * Never responds. The request is held until the client disconnects or the fault is healed. Then the connection is
 * closed.
 */
export const hang = defineUpstreamFault({
  kind: 'hang',
  does: 'never responds; the connection is closed when the fault is healed',
  effect: 'waits',
  fields: {},
  create: () => ({
    async hold(circumstances) {
      await pause(Number.POSITIVE_INFINITY, circumstances);
      throw new Disconnect('hung');
    },
  }),
});
