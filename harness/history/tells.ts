import type { RequestSample } from './events.ts';

/** k6's `error_code` of a request that ended by its own timeout, of a dial that did, and of one that was refused. */
const NOT_REACHED = ['1050', '1211', '1212'];
/** Of a connection that was reset, or that ended while the request was written. */
const RESET = ['1220', '1201'];
/** Of what has no code of its own: the text tells. */
const OTHER = '1000';
/** An answer had begun, so that the connection was not closed for having been idle. */
const BEGUN = /^(unexpected EOF|malformed )/;

/**
 * Whether the end of a request tells something of the service. An answer does. Without one (status 0), a failed dial
 * and a timeout do, and so does an answer that was cut or is none. A reset, or an end without a word, does on a
 * connection's first request alone: a server may close an idle connection at any time, also when the next request is on
 * its way. What is left are failures on the generator's own side, such as an address that could not be had.
 */
export function tells({ status, opened, tags: { error_code: code = '', error = '' } }: RequestSample): boolean {
  if (status !== 0 || NOT_REACHED.includes(code)) return true;
  if (code === OTHER && BEGUN.test(error)) return true;
  return opened && (RESET.includes(code) || (code === OTHER && error === 'EOF'));
}
