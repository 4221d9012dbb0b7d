/** Why a request got no (whole) answer, in k6's words and with its `error_code`. */
export interface NetworkError {
  readonly message: string;
  readonly code: number;
}

/** k6's documentation, "Error codes". */
const KNOWN: Readonly<Record<string, NetworkError>> = {
  ECONNREFUSED: { message: 'dial: connection refused', code: 1212 },
  ECONNRESET: { message: 'read: connection reset by peer', code: 1220 },
  EPIPE: { message: 'write: broken pipe', code: 1201 },
  ETIMEDOUT: { message: 'dial: i/o timeout', code: 1211 },
  ENOTFOUND: { message: 'lookup: no such host', code: 1101 },
  EAI_AGAIN: { message: 'lookup: no such host', code: 1101 },
  ERR_IP_BLOCKED: { message: 'ip is blacklisted', code: 1110 },
  ERR_HOST_BLOCKED: { message: 'hostname is blocked', code: 1111 },
  EADDRNOTAVAIL: { message: 'dial: cannot assign requested address', code: 1210 },
  EHOSTUNREACH: { message: 'dial: no route to host', code: 1210 },
  ENETUNREACH: { message: 'dial: network is unreachable', code: 1210 },
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: { message: 'x509: certificate signed by unknown authority', code: 1310 },
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: { message: 'x509: certificate signed by unknown authority', code: 1310 },
  SELF_SIGNED_CERT_IN_CHAIN: { message: 'x509: certificate signed by unknown authority', code: 1310 },
  DEPTH_ZERO_SELF_SIGNED_CERT: { message: 'x509: certificate signed by unknown authority', code: 1310 },
  ERR_TLS_CERT_ALTNAME_INVALID: { message: "x509: certificate doesn't match hostname", code: 1311 },
  CERT_HAS_EXPIRED: { message: 'x509: certificate has expired or is not yet valid', code: 1300 },
  CERT_NOT_YET_VALID: { message: 'x509: certificate has expired or is not yet valid', code: 1300 },
};

export const TIMEOUT: NetworkError = { message: 'request timeout', code: 1050 };

/**
 * Sorts what a connection ended with.
 *
 * @param error null where the other side closed it without a word.
 * @param answered Whether the head of an answer had arrived.
 */
export function toNetworkError(error: unknown, answered: boolean): NetworkError {
  const { code = '', message = String(error) } = (error ?? {}) as { code?: string; message?: string };
  const known = KNOWN[code];
  if (known) return known;
  if (error === null || answered) return { message: answered ? 'unexpected EOF' : 'EOF', code: 1000 };
  if (code.startsWith('ERR_SSL') || code.startsWith('ERR_TLS') || code.includes('CERT')) return { message, code: 1300 };
  return { message, code: 1000 };
}

/** Whether a kept connection turned out to be closed, so that a request may be sent again on a new one. */
export const isClosedConnection = ({ message }: NetworkError): boolean =>
  message === 'EOF' || message === 'read: connection reset by peer' || message === 'write: broken pipe';
