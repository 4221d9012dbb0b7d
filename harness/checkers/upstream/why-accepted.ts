/** A bad certificate that was presented to a call of an endpoint. */
export interface Accepted {
  readonly upstream: string;
  readonly kind: string;
  readonly endpoint: string;
}

const OFF =
  'Certificate verification is off: `rejectUnauthorized: false`, `verify=False`, `InsecureSkipVerify`, a trust manager that accepts everything.';
const OFF_AT_DATABASE =
  'The driver does not verify the certificate of the database, or falls back to a connection without TLS: `sslmode` is `require`, `prefer` or `allow` instead of `verify-full`, or `rejectUnauthorized` is false.';
const HOST_NAME =
  'Certificates are verified, but not their host name: `checkServerIdentity` or `check_hostname` is switched off, `sslmode` is `verify-ca` instead of `verify-full`, or the host name verifier accepts everything.';
const DATES = 'Certificates are verified, but not their dates: a callback ignores this error.';
const CHAIN =
  'Certificates are verified, but a certificate is accepted although its issuer is missing: a callback ignores this error.';
const KEY_SIZE =
  "Certificates are verified, but an RSA key of 1,024 bits is too small for today's policy. Node 20, Go and Java accept it by design. Raise the security level (`--tls-cipher-list=DEFAULT@SECLEVEL=2` of Node), check the size of the key (`VerifyConnection` in Go, `jdk.certpath.disabledAlgorithms` in Java), or leave `weak-key` out of `tls.refused`.";

/** Kinds that a client accepts only if it does not verify certificates at all. */
const UNTRUSTED = ['self-signed', 'unknown-ca'];

const CAUSES: Readonly<Record<string, string>> = {
  expired: DATES,
  'not-yet-valid': DATES,
  'incomplete-chain': CHAIN,
  'wrong-host': HOST_NAME,
  'weak-key': KEY_SIZE,
};

/**
 * Returns why a service probably accepted a certificate: the reason of its kind, unless the same call accepts
 * certificates that nobody trusts, too.
 */
export function whyAccepted({ upstream, kind, endpoint }: Accepted, accepted: readonly Accepted[]): string {
  const isOff = accepted.some(
    (other) => other.upstream === upstream && other.endpoint === endpoint && UNTRUSTED.includes(other.kind),
  );
  const off = upstream === 'database' ? OFF_AT_DATABASE : OFF;
  return isOff ? off : (CAUSES[kind] ?? off);
}

/** Returns why an upstream with a bad certificate got a request in plain text. */
export const whyPlainText = (upstream: string): string =>
  `After the refused connection, the service called ${upstream} over plain HTTP. Whoever answers in its place got the request and its API key in clear text. Remove the fallback to http://.`;

/** Returns why a call did not get the promised response although its connection was refused. */
export const whyAnswered = (isServed: boolean): string =>
  isServed
    ? 'The connection was refused, but the call was answered without the upstream: from a cache, by another upstream, or with a made-up answer. If this is intended, promise it: `servedWithout` or `fallback` of the endpoint.'
    : 'The connection was refused, but its error is not treated as a failed upstream call. Map it to the promised status (`tls.refusal`, `pool.refusal`), or correct the promise.';
