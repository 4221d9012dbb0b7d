import { expect, test } from 'vitest';
import { exchanges } from '../../../faults/calls/exchanges.ts';

test('a call begins with the first bytes after a response', () => {
  const calls = exchanges();
  expect(calls.sent(Buffer.from('get a'))).toEqual(['exchange']);
  expect(calls.sent(Buffer.from(' b\r\n'))).toEqual([]);
  calls.answered?.();
  calls.answered?.();
  expect(calls.sent(Buffer.from('get c\r\n'))).toEqual(['exchange']);
});
