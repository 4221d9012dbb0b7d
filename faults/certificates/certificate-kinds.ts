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
export type CertificateKind = (typeof certificateKinds)[number];
