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
  ['!!', undefined, 0],
  ['aGk', 'std', 0],
  ['aGk=', 'rawstd', 3],
  ['abcda', 'std', 4],
  ['ab=', 'std', 3],
  ['ab=c', 'std', 2],
  ['ab==c', 'std', 4],
  ['a===', 'std', 1],
  ['aGk=\nx', 'std', 5],
  ['YW Jj', 'std', 2],
  ['-_-_', 'std', 0],
  ['+/+/', 'url', 0],
  ['aé', 'std', 1],
])('rejects %j as %s at byte %i', (input, variant, at) => {
  expect(() => b64decode(input, variant, 's')).toThrow(`illegal base64 data at input byte ${at}`);
});

test('returns bytes unless text is requested', () => {
  expect(new Uint8Array(b64decode('/+8=', 'std') as ArrayBuffer)).toEqual(new Uint8Array([0xff, 0xef]));
});
