import { Disconnect } from './lib/disconnect.ts';
import { pause } from './lib/pause.ts';
import { defineUpstreamFault } from './lib/upstream-fault.ts';

/**
 * Half-closes the connection (FIN, preceded by a close_notify if TLS is used) when the request head has arrived, and
 * continues to read, because a client may still be writing. The connection is closed when the client closes it or the
 * fault is healed.
 */
export const halfClose = defineUpstreamFault({
  kind: 'half-close',
  does: 'half-closes the connection (FIN) when the head of a request arrives, but still reads everything',
  effect: 'fails',
  seen: 'connection',
  fields: {},
  create: () => ({
    freshen: (listener) => listener.renewConnections(),
    async arrive(circumstances) {
      circumstances.finish();
      await pause(Number.POSITIVE_INFINITY, circumstances).catch(() => undefined);
      throw new Disconnect('half-closed');
    },
  }),
});
