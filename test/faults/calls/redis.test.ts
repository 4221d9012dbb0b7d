import { expect, test } from 'vitest';
import { redis } from '../../../faults/calls/redis.ts';

/** Encodes commands as clients do. */
const encoded = (...commands: string[][]): Buffer =>
  Buffer.from(
    commands
      .map(
        (parts) => `*${parts.length}\r\n${parts.map((part) => `$${Buffer.byteLength(part)}\r\n${part}\r\n`).join('')}`,
      )
      .join(''),
  );

test('each pipelined command is a call', () => {
  const calls = redis();
  expect(calls.sent(encoded(['get', 'a'], ['SET', 'b', 'two\r\nlines'], ['INCR', 'c']))).toEqual([
    'GET',
    'SET',
    'INCR',
  ]);
});

test('a command counts once its last byte has arrived, however it is split', () => {
  const calls = redis();
  const bytes = encoded(['SET', 'key', 'x'.repeat(50)], ['GET', 'key']);
  const found = [...bytes].map((byte) => calls.sent(Buffer.from([byte])));
  expect(found.flat()).toEqual(['SET', 'GET']);
  expect(found.findIndex((names) => names.length > 0)).toBe(encoded(['SET', 'key', 'x'.repeat(50)]).length - 1);
});

test('a value of several megabytes is skipped', () => {
  const calls = redis();
  const value = 'v'.repeat(3_000_000);
  expect(calls.sent(encoded(['SET', 'key', value], ['DEL', 'key']))).toEqual(['SET', 'DEL']);
});

test('the commands of a handshake, a check or a transaction are not calls', () => {
  const calls = redis();
  const own = [
    ['HELLO', '3', 'AUTH', 'user', 'secret'],
    ['CLIENT', 'SETINFO', 'LIB-NAME', 'x'],
    ['select', '1'],
    ['PING'],
  ];
  expect(calls.sent(encoded(...own, ['MULTI'], ['INCR', 'a'], ['EXEC']))).toEqual(['INCR']);
});

test('inline commands are calls, and other protocols have none', () => {
  expect(redis().sent(Buffer.from('GET a\r\nPING\r\n'))).toEqual(['GET']);
  expect(redis().sent(Buffer.from([0x16, 3, 1, 0x0d, 0x0a, 0, 0x0d, 0x0a]))).toEqual([]);
});
