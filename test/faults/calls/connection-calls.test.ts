import { expect, test } from 'vitest';
import { ConnectionCalls } from '../../../faults/calls/connection-calls.ts';
import { type CallKind, recognizers } from '../../../faults/calls/index.ts';
import { Receipts } from '../../../faults/receipts/receipts.ts';

const HELLO = Buffer.from([0x16, 0x03, 0x01, 0x00, 0x05]);
/** PostgreSQL's request for TLS, to which the server says yes before the handshake. */
const SSL_REQUEST = Buffer.from([0, 0, 0, 8, 0x04, 0xd2, 0x16, 0x2f]);
const SECRET = Buffer.from('*1\r\n$3\r\nGET\r\n');

function callsOn(kind: CallKind) {
  const receipts = new Receipts();
  const seen: string[] = [];
  const calls = new ConnectionCalls(recognizers[kind](), {
    begin(name) {
      seen.push(name);
      return { receipt: receipts.open('cache', name, ''), undo: () => {} };
    },
    whenSent: (act) => act(),
    end: () => {},
    encrypted: () => seen.push('TLS'),
  });
  return { calls, seen };
}

test.each([
  ['redis', [HELLO, SECRET, HELLO], ['TLS']],
  ['exchanges', [HELLO, SECRET], ['TLS']],
  ['postgres', [SSL_REQUEST, HELLO, SECRET], ['TLS']],
  ['redis', [SECRET, HELLO], ['GET']],
] as [CallKind, Buffer[], string[]][])(
  'TLS to %s is told once, and nothing inside it is counted: %#',
  (kind, sent, expected) => {
    const { calls, seen } = callsOn(kind);
    for (const bytes of sent) calls.sent(bytes);
    expect(seen).toEqual(expected);
  },
);

test('a connection that is a call counts with TLS as well', () => {
  const { calls, seen } = callsOn('connections');
  calls.accepted();
  calls.sent(HELLO);
  expect(seen).toEqual(['connection']);
});
