import { isIP } from 'node:net';
import { bracketed } from './go-url.ts';

/** Why no complete response was received, with k6's message and `error_code`. */
export interface NetworkError {
  readonly message: string;
  readonly code: number;
  /** Go's message, which includes addresses. If omitted, it is the same as `message`. */
  readonly cause?: string;
  /** Whether the server refused the request without processing it, so that it may be sent again. */
  readonly isRefused?: boolean;
}

const UNKNOWN_AUTHORITY: NetworkError = {
  message: 'x509: unknown authority',
  code: 1310,
  cause: 'tls: failed to verify certificate: x509: certificate signed by unknown authority',
};
const EXPIRED: NetworkError = {
  message: 'x509: certificate has expired or is not yet valid',
  code: 1000,
  cause: 'tls: failed to verify certificate: x509: certificate has expired or is not yet valid',
};

/** Error codes and messages from k6's documentation ("Error codes"). */
const KNOWN: Readonly<Record<string, NetworkError>> = {
  ECONNREFUSED: { message: 'dial: connection refused', code: 1212 },
  ECONNRESET: { message: 'read: connection reset by peer', code: 1220 },
  EPIPE: { message: 'write: broken pipe', code: 1201 },
  ETIMEDOUT: { message: 'dial: i/o timeout', code: 1211 },
  ENOTFOUND: { message: 'lookup: no such host', code: 1101 },
  EAI_AGAIN: { message: 'lookup: no such host', code: 1101 },
  ERR_IP_BLOCKED: { message: 'ip is blacklisted', code: 1110 },
  ERR_HOST_BLOCKED: { message: 'hostname is blocked', code: 1111 },
  EADDRNOTAVAIL: { message: 'dial: unknown errno 99 error with msg `cannot assign requested address`', code: 1213 },
  ENETUNREACH: { message: 'dial: unknown errno 101 error with msg `network is unreachable`', code: 1213 },
  EHOSTUNREACH: { message: 'dial: unknown errno 113 error with msg `no route to host`', code: 1213 },
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: UNKNOWN_AUTHORITY,
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: UNKNOWN_AUTHORITY,
  SELF_SIGNED_CERT_IN_CHAIN: UNKNOWN_AUTHORITY,
  DEPTH_ZERO_SELF_SIGNED_CERT: UNKNOWN_AUTHORITY,
  ERR_TLS_CERT_ALTNAME_INVALID: { message: "x509: certificate doesn't match hostname", code: 1311 },
  CERT_HAS_EXPIRED: EXPIRED,
  CERT_NOT_YET_VALID: EXPIRED,
  ERR_SSL_WRONG_VERSION_NUMBER: {
    message: 'tls: first record does not look like a TLS handshake',
    code: 1301,
    cause: 'http: server gave HTTP response to HTTPS client',
  },
};

export const TIMEOUT: NetworkError = { message: 'request timeout', code: 1050 };

/** The fields of Node's connection errors. */
interface Failure {
  readonly code?: string;
  readonly message?: string;
  readonly syscall?: string;
  readonly address?: string;
  readonly port?: number;
  readonly hostname?: string;
  /** The requested host and the certificate, if they don't match. */
  readonly host?: string;
  readonly cert?: { readonly subjectaltname?: string };
}

/**
 * Classifies why a connection ended.
 *
 * @param error null if the peer closed it cleanly.
 * @param answered Whether a response head had been received.
 * @param ends The local and remote address in Go's format.
 */
export function toNetworkError(error: unknown, answered: boolean, ends = ''): NetworkError {
  const failure = (error ?? {}) as Failure;
  const { code = '', message = String(error) } = failure;
  const known = KNOWN[code];
  if (known) return { ...known, ...causeOf(code, failure, known, ends) };
  if (error === null || answered) return { message: answered ? 'unexpected EOF' : 'EOF', code: 1000 };
  const [, alert] = /^ERR_SSL_\w+?_ALERT_(\w+)$/.exec(code) ?? [];
  if (alert === undefined) return { message: message.trim(), code: 1000 };
  const words =
    alert === 'PROTOCOL_VERSION' ? 'protocol version not supported' : alert.toLowerCase().replaceAll('_', ' ');
  return { message: `remote error: tls: ${words}`, code: 1010 };
}

function wrongName({ host = '', cert }: Failure): string {
  const kind = isIP(host) === 0 ? 'DNS' : 'IP Address';
  const names = (cert?.subjectaltname ?? '').split(', ').filter((name) => name.startsWith(`${kind}:`));
  if (names.length === 0 && kind !== 'DNS')
    return `cannot validate certificate for ${host} because it doesn't contain any IP SANs`;
  return `certificate is valid for ${names.map((name) => name.slice(kind.length + 1)).join(', ')}, not ${host}`;
}

/** Returns the message that Go logs, with addresses and reasons. */
function causeOf(code: string, failure: Failure, known: NetworkError, ends: string): { cause?: string } {
  const { syscall, address = '', port, hostname, message = '' } = failure;
  if (known.cause !== undefined) return { cause: known.cause };
  if (code === 'ENOTFOUND' || code === 'EAI_AGAIN') return { cause: `lookup ${hostname ?? ''}: no such host` };
  if (code === 'ERR_HOST_BLOCKED') return { cause: message };
  if (code === 'ERR_IP_BLOCKED')
    return { cause: `IP (${/\((.*?)\)/.exec(message)?.[1] ?? address}) is in a blacklisted range` };
  if (code === 'ERR_TLS_CERT_ALTNAME_INVALID')
    return { cause: `tls: failed to verify certificate: x509: ${wrongName(failure)}` };
  if (code === 'ETIMEDOUT') return {};
  const words = known.message.replace(/^\w+: |^.*`(.*)`$/, '$1');
  if (syscall !== 'connect') return { cause: `${known.message.replace(/:.*/, '')} tcp ${ends}: ${known.message}` };
  return { cause: `dial tcp ${bracketed(address)}:${port}: connect: ${words}` };
}

/** Whether a keep-alive connection turned out to be closed, so that the request may be retried. */
export const isClosedConnection = ({ message }: NetworkError): boolean =>
  message === 'EOF' || message === 'read: connection reset by peer' || message === 'write: broken pipe';
