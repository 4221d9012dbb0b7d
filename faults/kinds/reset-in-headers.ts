import { Disconnect } from './lib/disconnect.ts';
import { defineUpstreamFault } from './lib/upstream-fault.ts';

/** Sends the status line and half of the first header, then resets the connection (TCP RST, also with TLS). */
export const resetInHeaders = defineUpstreamFault({
  kind: 'reset-in-headers',
  does: 'sends half a header, then resets the connection (RST)',
  effect: 'fails',
  seen: 'connection',
  fields: {},
  create: () => ({
    deliver(_circumstances, { status }) {
      const { STATUS_CODES } = process.getBuiltinModule('node:http');
      throw new Disconnect('reset', `HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ''}\r\ncontent-ty`);
    },
  }),
});
