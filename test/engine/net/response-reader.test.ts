import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { ResponseHead } from '../../../engine/net/response-head.ts';
import { ResponseReader } from '../../../engine/net/response-reader.ts';

/** What a receiver got from a single response. */
interface Heard {
  head?: ResponseHead;
  body: string;
  keepsAlive?: boolean;
  malformed?: string;
}

/** Reads a response that arrives in parts. With `closes`, the peer then closes the connection. */
function read(parts: readonly string[], { method = 'GET', closes = false } = {}) {
  const heard: Heard = { body: '' };
  const reader = new ResponseReader();
  reader.begin(method, {
    onHead: (head) => {
      heard.head = head;
    },
    onData: (bytes) => {
      heard.body += bytes.toString('latin1');
    },
    onEnd: (keepsAlive) => {
      heard.keepsAlive = keepsAlive;
    },
    onMalformed: (message) => {
      heard.malformed = message;
    },
  });
  const wanted = parts.map((part) => reader.push(Buffer.from(part, 'latin1')));
  const isWhole = closes && reader.finish();
  return { ...heard, wanted, isWhole, status: heard.head?.status };
}

const head = (...lines: string[]) => [...lines, '', ''].join('\r\n');

describe('a response', () => {
  test.each([
    ['by its length', head('HTTP/1.1 200 OK', 'Content-Length: 3'), 'abc', true],
    [
      'with chunks',
      head('HTTP/1.1 200 OK', 'Transfer-Encoding: chunked'),
      '2;x=y\r\nab\r\n1\r\nc\r\n0\r\nT: 1\r\n\r\n',
      true,
    ],
    ['on a connection that closes', head('HTTP/1.1 200 OK', 'connection: Close', 'Content-Length: 3'), 'abc', false],
    ['of HTTP/1.0', head('HTTP/1.0 200 OK', 'Content-Length: 3'), 'abc', false],
    ['of HTTP/1.0 that is kept', head('HTTP/1.0 200 OK', 'Connection: keep-alive', 'Content-Length: 3'), 'abc', true],
    [
      'after an interim one',
      head('HTTP/1.1 103 Early', 'Link: x') + head('HTTP/1.1 200', 'Content-Length: 3'),
      'abc',
      true,
    ],
  ])('%s ends correctly, however it is split', (_, start, body, keepsAlive) => {
    const text = start + body;
    const cuts = fc.array(fc.integer({ min: 1, max: text.length - 1 }), { maxLength: 6 });
    fc.assert(
      fc.property(cuts, (at) => {
        const bounds = [0, ...new Set(at.toSorted((a, b) => a - b)), text.length];
        const parts = bounds.slice(1).map((end, index) => text.slice(bounds[index], end));
        expect(read(parts)).toMatchObject({ status: 200, body: 'abc', keepsAlive });
      }),
    );
  });

  test.each([
    ['HEAD', head('HTTP/1.1 200 OK', 'Content-Length: 3')],
    ['GET', head('HTTP/1.1 204 No Content')],
    ['GET', head('HTTP/1.1 304 Not Modified', 'Content-Length: 3')],
    ['GET', head('HTTP/1.1 200 OK', 'Content-Length: 0')],
  ])('to a %s without a body ends with its head: %j', (method, text) => {
    expect(read([text], { method })).toMatchObject({ body: '', keepsAlive: true });
  });

  test("without a length ends with its connection, and a truncated one doesn't", () => {
    const endless = read([head('HTTP/1.1 200 OK'), 'abc'], { closes: true });
    expect(endless).toMatchObject({ body: 'abc', keepsAlive: false, isWhole: true });
    for (const cut of [
      head('HTTP/1.1 200 OK', 'Content-Length: 4'),
      head('HTTP/1.1 200', 'Transfer-Encoding: chunked'),
    ]) {
      expect(read([cut, '3\r\n'], { closes: true })).toMatchObject({ isWhole: false });
    }
  });

  test('followed by extra bytes makes the connection unusable', () => {
    expect(read([`${head('HTTP/1.1 200 OK', 'Content-Length: 1')}abc`])).toMatchObject({
      body: 'a',
      keepsAlive: false,
    });
    expect(read([head('HTTP/1.1 200 OK', 'Content-Length: 1'), 'a', 'b']).wanted).toEqual([true, true, false]);
  });

  test('has headers by lower-case name, lists for repeated headers, and joined values for scripts', () => {
    const { head: found } = read([head('HTTP/1.1 200 OK', 'X-A: 1 ', 'x-a:2', 'Long: a', '\tb', 'Content-Length: 0')]);
    expect(found?.headers).toEqual({ 'x-a': ['1', '2'], long: 'a b', 'content-length': '0' });
    expect(found?.joined).toEqual({ 'X-A': '1, 2', Long: 'a b', 'Content-Length': '0' });
  });

  test.each([
    'SSH-2.0-OpenSSH\r\n\r\n',
    head('HTTP/2 200'),
    head('HTTP/1.1 200 OK', 'no colon'),
    head('HTTP/1.1 200 OK', 'Content-Length: 1', 'Content-Length: 2'),
    head('HTTP/1.1 200 OK', 'Content-Length: -1'),
    `${head('HTTP/1.1 200 OK', 'Transfer-Encoding: chunked')}zz\r\n`,
    `${head('HTTP/1.1 200 OK', 'Transfer-Encoding: chunked')}1\r\nab\r\n`,
  ])('that is malformed is rejected: %j', (text) => {
    expect(read([text]).malformed).toMatch(/malformed/);
  });
});
