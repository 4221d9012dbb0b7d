import type { NetworkError } from './network-error.ts';

/** The error codes of HTTP/2 by number (RFC 9113, section 7). */
const NAMES = `NO_ERROR PROTOCOL_ERROR INTERNAL_ERROR FLOW_CONTROL_ERROR SETTINGS_TIMEOUT STREAM_CLOSED FRAME_SIZE_ERROR
  REFUSED_STREAM CANCEL COMPRESSION_ERROR CONNECT_ERROR ENHANCE_YOUR_CALM INADEQUATE_SECURITY
  HTTP_1_1_REQUIRED`.split(/\s+/);

export const PROTOCOL_ERROR = NAMES.indexOf('PROTOCOL_ERROR');
const REFUSED_STREAM = NAMES.indexOf('REFUSED_STREAM');
export const CANCEL = NAMES.indexOf('CANCEL');

const nameOf = (code: number): string => NAMES[code] ?? `unknown error code 0x${code.toString(16)}`;

/** k6's `error_code`. `base` stands for unknown codes and is followed by the numbers of the known ones. */
const numberOf = (base: number, code: number): number => base + (code < NAMES.length ? code + 1 : 0);

/** The server reset a stream. */
export const streamError = (code: number, id: number): NetworkError => ({
  message: `http2: stream error with http2 ErrCode ${nameOf(code)}`,
  code: numberOf(1630, code),
  cause: `stream error: stream ID ${id}; ${nameOf(code)}; received from peer`,
  ...(code === REFUSED_STREAM && { isRefused: true }),
});

/** The server said that it closes the connection, and did so before a response was complete. */
export function goAwayError(
  { code, last }: { readonly code: number; readonly last: number },
  id: number,
): NetworkError {
  // As in Go, the first request is not sent again, because the server would probably refuse it again.
  if (id > last && (id > 1 || code === 0)) return streamError(REFUSED_STREAM, id);
  return {
    message: `http2: received GoAway with http2 ErrCode ${nameOf(code)}`,
    code: numberOf(1610, code),
    cause: `http2: server sent GOAWAY and closed the connection; LastStreamID=${last}, ErrCode=${nameOf(code)}, debug=""`,
  };
}

/** The server sent something that is not HTTP/2. */
export const protocolError: NetworkError = {
  message: `http2: connection error with http2 ErrCode ${nameOf(PROTOCOL_ERROR)}`,
  code: numberOf(1650, PROTOCOL_ERROR),
  cause: `connection error: ${nameOf(PROTOCOL_ERROR)}`,
};
