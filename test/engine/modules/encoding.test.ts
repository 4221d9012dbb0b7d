import { expect, test } from 'vitest';
import { createEncodingModule } from '../../../engine/modules/encoding.ts';

const { b64decode } = createEncodingModule() as {
  b64decode: (input: unknown, variant?: unknown, format?: string) => string | ArrayBuffer;
};

// The expected values were recorded from k6 v2.2.0.
test.each([
  ['aGk=', undefined, 'hi'],
  ['aGk', 'rawstd', 'hi'],
  ['aGk=', 'no-variant', 'hi'],
  ['ab==', 'url', 'i'],
  ['ab', 'rawurl', 'i'],
  ['aG\r\nk=\n', 'std', 'hi'],
  ['ab=\n=', 'std', 'i'],
  ['', 'std', ''],
  [undefined, undefined, ''],
  [null, undefined, ''],
])('decodes %j as %s', (input, variant, text) => {
  expect(b64decode(input, variant, 's')).toBe(text);
});

test.each([
  ['!!', undefined],
  ['aGk', 'std'],
  ['aGk=', 'rawstd'],
  ['abcda', 'std'],
  ['ab=', 'std'],
  ['ab=c', 'std'],
  ['ab==c', 'std'],
  ['a===', 'std'],
  ['aGk=\nx', 'std'],
  ['YW Jj', 'std'],
  ['-_-_', 'std'],
  ['+/+/', 'url'],
  ['aé', 'std'],
])('rejects %j as %s', (input, variant) => {
  expect(() => b64decode(input, variant, 's')).toThrow('illegal base64 data');
});

test('returns bytes unless text is requested', () => {
  expect(new Uint8Array(b64decode('/+8=', 'std') as ArrayBuffer)).toEqual(new Uint8Array([0xff, 0xef]));
});
