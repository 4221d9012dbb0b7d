import type { RequestSample } from './events.ts';

/** k6's `error_code` for a request timeout, a dial timeout and a refused dial. */
const NOT_REACHED = ['1050', '1211', '1212'];
/** Error codes of connections that were reset, or closed while the request was being written. */
const RESET = ['1220', '1201'];
/** Error codes of HTTP/2: the server reset a stream, closed the connection, or did not follow the protocol. */
const HTTP2 = /^16[1-6]\d$/;
/** The code of errors that have no specific code. Their text distinguishes them. */
const OTHER = '1000';
/** The embedded engine's code for a response that was not read to its end, because it is too large. */
export const TOO_LARGE = '1790';
/** Errors after a response has started. In this case, the connection was not closed because it was idle. */
const BEGUN = /^(unexpected EOF|malformed )/;

/**
 * Whether a request's outcome is evidence about the service. Any response is. Without a response (status 0), a failed
 * dial, a timeout, an error of HTTP/2 and a truncated or malformed response are evidence. A reset or EOF counts only
 * for the first request on a connection, because a server may close an idle connection at any time. All other errors
 * are on the generator's side, for example an address that is not available.
 */
export function tells({ status, opened, tags: { error_code: code = '', error = '' } }: RequestSample): boolean {
  if (status !== 0 || NOT_REACHED.includes(code) || HTTP2.test(code)) return true;
  if (code === OTHER && BEGUN.test(error)) return true;
  return opened && (RESET.includes(code) || (code === OTHER && error === 'EOF'));
}
