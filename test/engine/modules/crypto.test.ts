import { expect, test } from 'vitest';
import { createCryptoModule } from '../../../engine/modules/crypto.ts';

const k6 = createCryptoModule() as Record<
  'createHMAC' | 'hexEncode' | 'hmac' | 'md4' | 'md5' | 'randomBytes' | 'ripemd160',
  (...args: unknown[]) => unknown
>;

// The expected values were recorded from k6 v2.2.0.
test.each([
  ['md4', '', '31d6cfe0d16ae931b73c59d7e0c089c0'],
  ['md4', 'hello', '866437cb7a794bce2b727acc0362ee27'],
  ['md5', 'hello', '5d41402abc4b2a76b9719d911017c592'],
  ['ripemd160', 'hello', '108f07b8382412612c048d07d13f814118445acd'],
] as const)('%s(%j) is %s', (algorithm, input, expected) => {
  expect(k6[algorithm](input, 'hex')).toBe(expected);
});

test('hexEncode() accepts text and bytes', () => {
  expect([k6.hexEncode('aé'), k6.hexEncode(Uint8Array.of(0, 255).buffer), k6.hexEncode('')]).toEqual([
    '61c3a9',
    '00ff',
    '',
  ]);
});

test.each([
  [() => k6.randomBytes(0), 'invalid size'],
  [() => k6.hmac('md4', 'key', 'hello', 'hex'), 'an HMAC with MD4 is not available in the embedded engine'],
  [() => k6.createHMAC('md3', 'key'), 'invalid algorithm: md3'],
  [() => k6.md5('x'), 'invalid output encoding: '],
  [() => k6.hexEncode(5), 'invalid type int64, expected string, []byte or ArrayBuffer'],
  [() => k6.hexEncode([1, 2]), 'invalid type []interface {}'],
])('%o is rejected: %s', (call, message) => {
  expect(call).toThrow(message);
});
