import { defineConnectionFault } from './fault.ts';

/** Resets connections (TCP RST, also below TLS), those that there are and new ones: client and server see ECONNRESET. */
export const reset = defineConnectionFault({
  kind: 'reset',
  does: 'resets connections (RST), those that there are and new ones',
  fields: {},
  create: () => (connection) => {
    connection.reset();
    return undefined;
  },
});
