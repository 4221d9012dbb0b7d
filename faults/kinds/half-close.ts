import { Disconnect } from './disconnect.ts';
import { defineFault } from './fault.ts';
import { pause } from './pause.ts';

/**
 * Ends its own side of the connection (a FIN, on TLS after a close_notify) as soon as the request's head is there, and
 * reads on: a client may go on writing. The connection is closed when its client goes or the fault is healed.
 */
export const halfClose = defineFault({
  kind: 'half-close',
  does: 'ends its side of the connection (FIN) as soon as a request comes',
  fields: {},
  create: () => ({
    async arrive(circumstances) {
      circumstances.finish();
      await pause(Number.POSITIVE_INFINITY, circumstances).catch(() => undefined);
      throw new Disconnect('half-closed');
    },
  }),
});
