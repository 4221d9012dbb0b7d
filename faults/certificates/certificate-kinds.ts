/** The certificates that a server can present. Clients should accept only `trusted`. */
export const certificateKinds = [
  'trusted',
  'self-signed',
  'unknown-ca',
  'incomplete-chain',
  'expired',
  'not-yet-valid',
  'wrong-host',
  'weak-key',
] as const;

/**
 * The kinds that TLS libraries accept by design: an RSA key of 1,024 bits is accepted by Node 20, Go 1.24 and Java 17,
 * but not by Node 24 and Python 3.11. A contract must name them if a service has to reject them.
 */
export const acceptedByDesign: readonly CertificateKind[] = ['weak-key'];
export type CertificateKind = (typeof certificateKinds)[number];
