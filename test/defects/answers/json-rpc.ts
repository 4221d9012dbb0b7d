import { contractOf } from './contract-of.ts';

/** A service whose refusals and failures are errors in the sense of JSON-RPC. */
export default contractOf({
  name: 'json-rpc',
  served: { status: 200, without: 'error' },
  refusal: { status: 200, has: 'error.code', retryAfter: 'error.data.retryAfter' },
  codes: { limited: -32029, busy: -32030, unavailable: -32003 },
});
