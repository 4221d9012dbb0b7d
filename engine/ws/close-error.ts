import { toNetworkError } from '../net/network-error.ts';

/** Close codes as described by gorilla/websocket, which k6 uses. */
const NAMES: Readonly<Record<number, string>> = {
  1000: ' (normal)',
  1001: ' (going away)',
  1002: ' (protocol error)',
  1003: ' (unsupported data)',
  1005: ' (no status)',
  1006: ' (abnormal closure)',
  1007: ' (invalid payload data)',
  1008: ' (policy violation)',
  1009: ' (message too big)',
  1010: ' (mandatory extension missing)',
  1011: ' (internal server error)',
  1012: ' (service restart)',
  1013: ' (try again later)',
  1015: ' (TLS handshake error)',
};

const ABNORMAL = 1006;

/** How a connection ended, as reported to scripts. */
export interface Closing {
  /** The close code, or undefined if none was received. */
  readonly code: number | undefined;
  readonly reason: string;
  /** The message of the error event, or undefined if the connection ended normally. */
  readonly error: string | undefined;
}

/** Describes how an open connection ended. Only codes 1000 and 1001 count as normal. */
export function closingOf(code: number, given: string): Closing {
  const reason = code === ABNORMAL ? 'unexpected EOF' : given;
  const isInOrder = code === 1000 || code === 1001;
  const error = `websocket: close ${code}${NAMES[code] ?? ''}${reason === '' ? '' : `: ${reason}`}`;
  return { code, reason, error: isInOrder ? undefined : error };
}

/** Returns k6's message for a connection error. */
export function describeFailure(error: unknown): string {
  const { cause, message } = toNetworkError(error, false);
  return cause ?? message;
}
