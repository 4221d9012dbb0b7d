/** Why a request is not served. */
export interface Problem {
  readonly code: 'RATE_LIMITED' | 'TOO_BUSY' | 'UNAVAILABLE' | 'UPSTREAM_FAILED' | 'INTERNAL';
  /** In whole seconds. */
  readonly retryAfter?: number;
}

/** JSON-RPC has numbers for errors. */
const NUMBERS = {
  RATE_LIMITED: -32029,
  TOO_BUSY: -32030,
  UNAVAILABLE: -32003,
  UPSTREAM_FAILED: -32002,
  INTERNAL: -32603,
};

/** Returns the body of an answer with a result. */
export function resultIn(form: string, text: string): object {
  if (form === 'graphql') return { data: { ask: text } };
  if (form === 'json-rpc') return { jsonrpc: '2.0', id: 1, result: { text } };
  return { jsonrpc: '2.0', id: 1, result: { content: [{ type: 'text', text }], isError: false } };
}

/** Returns the body of an answer with an error. */
export function problemIn(form: string, { code, retryAfter }: Problem): object {
  const message = `refused or failed: ${code}`;
  if (form === 'graphql') return { data: null, errors: [{ message, extensions: { code, retryAfter } }] };
  if (form === 'json-rpc')
    return { jsonrpc: '2.0', id: 1, error: { code: NUMBERS[code], message, data: { retryAfter } } };
  const structuredContent = { code, retryAfter };
  return {
    jsonrpc: '2.0',
    id: 1,
    result: { content: [{ type: 'text', text: message }], isError: true, structuredContent },
  };
}
