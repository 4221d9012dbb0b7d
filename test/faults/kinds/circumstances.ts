import type { Circumstances } from '../../../faults/kinds/lib/fault.ts';

/** The circumstances of a request whose client stays connected. The fault is healed if the signal says so. */
export const circumstances = (healed: AbortSignal = new AbortController().signal): Circumstances => ({
  healed,
  clientGone: new AbortController().signal,
  activeMilliseconds: 0,
  url: 'https://127.0.0.1:40123/v1/chat',
  elsewhere: async () => 'https://localhost:40124/v1/chat',
  errorResponse: (status) => new Response(null, { status }),
  finish: () => {},
});
