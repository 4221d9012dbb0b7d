import { expect, test } from 'vitest';
import { certificateKinds } from '../../../../faults/certificates/certificate-kinds.ts';
import { tls } from '../../../../harness/contract/schema/tls.ts';

test('a service must reject all bad certificates except those that TLS libraries accept by design', () => {
  const { refused } = tls.parse({});
  expect(certificateKinds.filter((kind) => !refused.includes(kind as never))).toEqual(['trusted', 'weak-key']);
});

test('a contract can ask for a kind that some libraries accept', () => {
  expect(tls.parse({ refused: ['expired', 'weak-key'] }).refused).toEqual(['expired', 'weak-key']);
  expect(() => tls.parse({ refused: ['trusted'] })).toThrow();
});
