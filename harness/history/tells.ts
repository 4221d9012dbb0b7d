import type { RequestSample } from './events.ts';

/** k6's `error_code` for a request timeout, a dial timeout and a refused dial. */
const NOT_REACHED = ['1050', '1211', '1212'];
/** For a connection that was reset, or closed while the request was written. */
const RESET = ['1220', '1201'];
/** For errors without a code; see the error text. */
const OTHER = '1000';
/** The answer had begun, so the server did not close the connection for being idle. */
const BEGUN = /^(unexpected EOF|malformed )/;

/**
 * Returns whether the outcome of a request is evidence about the service. Any answer is. Without an answer (status 0),
 * a failed dial, a timeout and a truncated or malformed answer are. A reset or EOF counts only for the first request on
 * a connection, because a server may close an idle connection at any time. All other errors are on the generator's
 * side, such as an address that is not available.
 */
export function tells({ status, opened, tags: { error_code: code = '', error = '' } }: RequestSample): boolean {
  if (status !== 0 || NOT_REACHED.includes(code)) return true;
  if (code === OTHER && BEGUN.test(error)) return true;
  return opened && (RESET.includes(code) || (code === OTHER && error === 'EOF'));
}
