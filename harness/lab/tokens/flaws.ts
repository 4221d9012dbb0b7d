/** The flaws of invalid tokens that the lab can sign. harness/contract/worthless.ts says which of them are sent. */
export const FLAWS = [
  'another key',
  'no signature',
  'expired',
  'public key as secret',
  'another issuer',
  'another audience',
] as const;

export type Flaw = (typeof FLAWS)[number];
