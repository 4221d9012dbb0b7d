import { expect, test } from 'vitest';
import { httpUrl } from '../../../harness/commands/options.ts';

test('an address of a collector is an HTTP URL', () => {
  expect(httpUrl('http://127.0.0.1:4318')).toBe('http://127.0.0.1:4318');
  expect(httpUrl('https://collector.test/otlp')).toBe('https://collector.test/otlp');
});

test.each(['127.0.0.1:4318', 'collector', 'grpc://127.0.0.1:4317', ''])('%j is none', (text) => {
  expect(() => httpUrl(text)).toThrow('It can be a URL such as http://127.0.0.1:4318.');
});
