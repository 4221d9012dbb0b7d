import type { IncomingMessage } from 'node:http';
import { expect, test } from 'vitest';
import { recordedRequest } from './target/recorded-request.ts';

/** Records a multipart request with a boundary. */
function recorded(boundary: string, content: Buffer): string {
  const headers = { host: 'a.test', 'content-type': `multipart/form-data; boundary=${boundary}` };
  const body = Buffer.concat([Buffer.from(`--${boundary}\r\n\r\n`), content, Buffer.from(`\r\n--${boundary}--`)]);
  return recordedRequest({ method: 'POST', url: '/up', httpVersion: '1.1', headers } as IncomingMessage, body);
}

test.each([
  ['short', Buffer.from('text')],
  ['long', Buffer.from('text'.repeat(1_000))],
  ['binary', Buffer.from([0xff, 0x00, 0xfe])],
])('a multipart body that is %s is recorded without its random boundary', (_, content) => {
  expect(recorded('----Boundary0.7k1', content)).toBe(recorded('----Boundary0.99z', content));
  expect(recorded('a', content)).not.toBe(recorded('a', Buffer.concat([content, content])));
});
