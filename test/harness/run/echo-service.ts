/** A service that shows each of its secrets in every place, whole and split into two pieces. */

import { createHash } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { createServer, get } from 'node:http';
import { setTimeout as pause } from 'node:timers/promises';

const { PORT, UPSTREAM = '', OTLP = '', DATABASE_URL = '', VALUES = '', CALLERS = '', ...others } = process.env;
const named = ['API_KEY', 'GENERATED', 'PLAIN_TOKEN', 'NEUTRAL'].map((name) => others[name] ?? '');
const [ofCallers = ''] = /[\da-f]{32}/.exec(CALLERS) ?? [];
const values = [...named, ofCallers, new URL(DATABASE_URL).password, OTLP.split('/').at(-1) ?? ''];
// The test has to know them.
writeFileSync(VALUES, JSON.stringify(values));

const halves = (value: string) => [value.slice(0, value.length / 2), value.slice(value.length / 2)] as const;
const everyForm = (value: string): string =>
  [value, halves(value).join('\n'), encodeURIComponent(value), Buffer.from(value).toString('base64')].join(' ');
const all = values.map(everyForm).join(' ');

for (const value of values) {
  console.log(`whole: ${value}`);
  console.error(JSON.stringify({ whole: value, nested: JSON.stringify({ value }) }));
  console.log(halves(value).join('\n'));
  for (const half of halves(value)) console.error(JSON.stringify({ half: `${half}`, level: 30 }));
  for (const half of halves(value)) process.stdout.write(half);
  process.stdout.write('\n');
}

const call = (path: string): Promise<void> =>
  new Promise((resolve) => {
    get(UPSTREAM + path, (response) => response.resume().once('end', resolve)).once('error', () => resolve());
  });

/** Exports a span that shows the secrets in all of its texts. */
async function exportSpan(traceId: string): Promise<void> {
  const now = String(Date.now() * 1e6);
  const attributes = [{ key: 'service.name', value: { stringValue: all } }];
  const span = {
    traceId,
    spanId: '00f067aa0ba902b7',
    startTimeUnixNano: now,
    endTimeUnixNano: now,
    name: all,
    status: { code: 2, message: all },
    attributes,
  };
  const resourceSpans = [{ resource: { attributes }, scopeSpans: [{ spans: [span] }] }];
  const headers = { 'content-type': 'application/json' };
  await fetch(`${OTLP}/v1/traces`, { method: 'POST', headers, body: JSON.stringify({ resourceSpans }) });
}

const server = createServer(async ({ url, headers }, response) => {
  if (url === '/health') return response.end('ok');
  if (url === '/stream') {
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    for (const piece of values.flatMap((value) => [value, ...halves(value)])) response.write(`data: ${piece}\n\n`);
    return response.end();
  }
  const [key = ''] = values;
  if (url === '/redirect') {
    const location = `http://user:${encodeURIComponent(key)}@127.0.0.1:1/${encodeURIComponent(key)}`;
    return response.writeHead(302, { location }).end();
  }
  if (url !== '/calls') return response.end(`${all} ${headers.authorization}`);
  for (const value of values) {
    await call(`/${encodeURIComponent(value)}?key=${encodeURIComponent(value)}`);
    for (const half of halves(value)) await call(`/${encodeURIComponent(half)}`);
  }
  await exportSpan(String(headers.traceparent).slice(3, 35));
  response.writeHead(418, { 'x-key': encodeURI(all), 'x-keys': values.map((value) => value.replace('ü', '')) });
  for (const value of values) {
    for (const half of halves(value)) {
      response.write(half);
      await pause(5);
    }
    response.write('\n');
  }
  response.end(JSON.stringify({ error: all, nested: JSON.stringify({ all }) }));
});

/** Returns a text as a WebSocket message (RFC 6455). */
function message(text: string): Buffer {
  const bytes = Buffer.from(text);
  return Buffer.concat([Buffer.from([0x81, bytes.length]), bytes]);
}

server.on('upgrade', ({ headers }, socket) => {
  const key = `${headers['sec-websocket-key']}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`;
  const accept = createHash('sha1').update(key).digest('base64');
  const head = ['HTTP/1.1 101 Switching Protocols', 'Upgrade: websocket', 'Connection: Upgrade'];
  socket.write(`${[...head, `Sec-WebSocket-Accept: ${accept}`].join('\r\n')}\r\n\r\n`);
  for (const value of values) for (const text of [value, ...halves(value)]) socket.write(message(text));
  socket.end(Buffer.from([0x88, 0]));
});
server.listen(Number(PORT), '127.0.0.1');
