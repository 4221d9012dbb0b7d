/** What a fake may show its clients; only `trusted` is one that they should accept. */
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
