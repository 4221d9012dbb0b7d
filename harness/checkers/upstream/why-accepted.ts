/** A bad certificate that was presented to a call of an endpoint. */
export interface Accepted {
  readonly upstream: string;
  readonly kind: string;
  readonly endpoint: string;
  /** The trouble that came before, if any. */
  readonly after?: string | undefined;
}

const OFF =
  'Certificate verification is off: `rejectUnauthorized: false`, `verify=False`, `InsecureSkipVerify`, `VERIFY_NONE`, `CURLOPT_SSL_VERIFYPEER`, a trust manager that accepts everything, `verify none` of HAProxy, `tls_insecure_skip_verify` of Caddy, or no `proxy_ssl_verify on` in nginx.';
const OFF_AT_DATABASE =
  'The driver does not verify the certificate of the database, or falls back to a connection without TLS: `sslmode` is `require`, `prefer` or `allow` instead of `verify-full`, or `rejectUnauthorized` is false.';
const HOST_NAME =
  'Certificates are verified, but not their host name: `checkServerIdentity` or `check_hostname` is switched off, `sslmode` is `verify-ca` instead of `verify-full`, `verify_hostname` of Ruby or `CURLOPT_SSL_VERIFYHOST` is off, the host name verifier accepts everything, or HAProxy has no `verifyhost`.';
const DATES = 'Certificates are verified, but not their dates: a callback ignores this error.';
const CHAIN =
  'Certificates are verified, but a certificate is accepted although its issuer is missing: a callback ignores this error.';
const KEY_SIZE =
  "Certificates are verified, but an RSA key of 1,024 bits is too small for today's policy. Node 20, Go and Java accept it by design. Raise the security level (`--tls-cipher-list=DEFAULT@SECLEVEL=2` of Node), check the size of the key (`VerifyConnection` in Go, `jdk.certpath.disabledAlgorithms` in Java), or leave `weak-key` out of `tls.refused`.";

/** A bad certificate that was presented, and the number of requests that came nevertheless. */
interface Posed extends Accepted {
  readonly got: number;
}

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
 * Returns why a service probably accepted a certificate: the trouble before it, if the same call refuses it in a healthy
 * process. Otherwise, it is the reason of its kind, unless the same call accepts certificates that nobody trusts, too.
 */
export function whyAccepted({ upstream, kind, endpoint, after }: Accepted, all: readonly Posed[]): string {
  const alike = all.filter((other) => other.upstream === upstream && other.endpoint === endpoint);
  const same = alike.find((other) => other.kind === kind && other.after === undefined);
  if (after !== undefined && same?.got === 0) return whyAcceptedAfter(after);
  const then = same === undefined ? after : undefined;
  const isOff = alike.some((other) => other.got > 0 && UNTRUSTED.includes(other.kind) && other.after === then);
  const off = upstream === 'database' ? OFF_AT_DATABASE : OFF;
  const cause = isOff ? off : (CAUSES[kind] ?? off);
  return then === undefined ? cause : whyAcceptedAtLast(then, cause);
}

const whyAcceptedAtLast = (trouble: string, cause: string): string =>
  `The certificate was accepted after ${trouble}, and this scenario did not try it before. If \`chaos/impostor\` fails as well: ${cause} Otherwise: ${AFTERWARDS}`;

const AFTERWARDS = 'the code that handles the failure creates a client, a connection or a retry that verifies none.';

const whyAcceptedAfter = (trouble: string): string =>
  `After ${trouble}, the service called the upstream without verifying its certificate: ${AFTERWARDS} Before, it refused the same certificate.`;

/** Returns why an upstream with a bad certificate got a request in plain text. */
export const whyPlainText = (upstream: string): string =>
  `After the refused connection, the service called ${upstream} over plain HTTP. Whoever answers in its place got the request and its API key in clear text. Remove the fallback to http://.`;

/** Returns why a call did not get the promised response although its connection was refused. */
export const whyAnswered = (isServed: boolean): string =>
  isServed
    ? 'The connection was refused, but the call was answered without the upstream: from a cache, by another upstream, or with a made-up answer. If this is intended, promise it: `servedWithout` or `fallback` of the endpoint.'
    : 'The connection was refused, but its error is not treated as a failed upstream call. Map it to the promised status (`tls.refusal`, `pool.refusal`), or correct the promise.';
