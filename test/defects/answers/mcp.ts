import { contractOf } from './contract-of.ts';

/** A service whose refusals and failures are results of tools with `isError`, in the sense of MCP. */
export default contractOf({
  name: 'mcp',
  served: { status: 200, has: 'result', without: 'result.isError' },
  refusal: {
    status: 200,
    has: 'result.structuredContent.code',
    retryAfter: 'result.structuredContent.retryAfter',
  },
  codes: { limited: 'RATE_LIMITED', busy: 'TOO_BUSY', unavailable: 'UNAVAILABLE' },
});
