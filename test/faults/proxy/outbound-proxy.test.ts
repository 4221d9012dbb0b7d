import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import { ProxyAgent, request } from 'undici';
import { expect, onTestFinished, test } from 'vitest';
import { bearer } from '../../../faults/control/guard.ts';
import { type Fakes, startFakes } from '../../../faults/fakes/start-fakes.ts';
import { fetchDirectly } from '../../../harness/base/fetch-directly.ts';
import type { DeclaredUpstream } from '../../../mocks/declared-upstream.ts';
import { defineUpstreams } from '../../../mocks/define-upstreams.ts';
import { eventually } from '../../support/eventually.ts';
import { keptCertificates } from '../../support/kept-certificates.ts';

const UPSTREAMS: Record<string, DeclaredUpstream> = {
  llm: { kind: 'groq', via: 'proxy' },
  memory: { kind: 'mem0', via: 'proxy', host: 'memory.example:8080', tls: false },
  direct: { kind: 'openai' },
};

/** Fakes behind a proxy. */
class Behind {
  readonly fakes: Fakes;
  readonly proxy: URL;

  constructor(fakes: Fakes) {
    this.fakes = fakes;
    this.proxy = new URL(fakes.proxy ?? '');
  }

  get authorization(): string {
    const { username, password } = this.proxy;
    return `proxy-authorization: Basic ${Buffer.from(`${username}:${password}`).toString('base64')}\r\n`;
  }

  /** Connects to the proxy, and sends a head. Returns the socket and the status line. Rejects if there is none. */
  async send(line: string, headers = this.authorization): Promise<{ socket: Socket; status: string; text: string }> {
    const socket = connect(Number(this.proxy.port), '127.0.0.1');
    onTestFinished(() => void socket.destroy());
    socket.write(`${line} HTTP/1.1\r\nhost: x\r\n${headers}\r\n`);
    const closed = once(socket, 'close').then(() => Promise.reject(new Error('closed')));
    const [first] = await Promise.race([once(socket, 'data'), closed]);
    const text = String(first);
    return { socket, status: text.slice(0, text.indexOf('\r\n')), text };
  }

  /** Calls the LLM's models through a tunnel of its own. Rejects if the call fails. */
  async models(host = 'api.groq.com'): Promise<number> {
    const { fakes } = this;
    const agent = new ProxyAgent({ uri: fakes.proxy ?? '', requestTls: { ca: fakes.ca } });
    onTestFinished(() => agent.destroy());
    const headers = { authorization: 'Bearer gsk_test' };
    const { statusCode, body } = await request(`https://${host}/openai/v1/models`, { dispatcher: agent, headers });
    await body.text();
    return statusCode;
  }

  // biome-ignore lint/suspicious/noExplicitAny: the tests assert the shape
  async control(method: string, path: string, body?: unknown): Promise<any> {
    const headers = { 'content-type': 'application/json', ...bearer(this.fakes.token) };
    const init = { method, headers, ...(body !== undefined && { body: JSON.stringify(body) }) };
    return (await fetchDirectly(this.fakes.control + path, init)).json();
  }

  inject = async (upstream: string, fault: object) => {
    expect(await this.control('POST', `/upstreams/${upstream}/faults`, fault)).toMatchObject({ state: 'active' });
  };

  async receipts(upstream?: string): Promise<object[]> {
    return (await this.control('GET', `/receipts${upstream === undefined ? '' : `?upstream=${upstream}`}`)).receipts;
  }
}

async function startBehind(upstreams = UPSTREAMS): Promise<Behind> {
  const fakes = await startFakes(defineUpstreams(upstreams), { certify: keptCertificates });
  onTestFinished(() => fakes[Symbol.asyncDispose]());
  return new Behind(fakes);
}

test('a call to the real host reaches the upstream, whose certificate is valid for it', async () => {
  const behind = await startBehind();
  expect(await behind.models()).toBe(200);
  expect(await behind.receipts()).toMatchObject([
    {
      upstream: 'llm',
      kind: 'request',
      route: 'GET /openai/v1/models',
      status: 200,
      connection: 1,
      outcome: 'answered',
    },
  ]);
});

test.each([
  ['reset', 'ECONNRESET'],
  ['refuse', 'ECONNRESET'],
  ['half-close', 'UND_ERR_SOCKET'],
])('%s ends a call through the proxy', async (kind, code) => {
  const behind = await startBehind();
  await behind.inject('llm', { kind });
  await expect(behind.models()).rejects.toMatchObject({ code });
  await behind.control('DELETE', '/faults');
  expect(await behind.models()).toBe(200);
});

test('a refused port closes the idle tunnels, and other upstreams are not refused', async () => {
  const behind = await startBehind();
  const { socket } = await behind.send('CONNECT api.groq.com:443');
  const tls = connectTls({ socket, servername: 'api.groq.com', ca: behind.fakes.ca });
  await once(tls, 'secureConnect');
  const closed = once(tls, 'close');
  await behind.inject('llm', { kind: 'refuse' });
  await closed;
  expect((await behind.send('CONNECT memory.example:8080')).status).toBe('HTTP/1.1 200 Connection Established');
});

test.each(['self-signed', 'unknown-ca', 'expired', 'wrong-host'])('a %s certificate is presented', async (kind) => {
  const behind = await startBehind();
  await behind.control('PUT', '/upstreams/llm/certificate', { kind });
  await expect(behind.models()).rejects.toThrow(/certificate|altnames|not in the cert/i);
  await eventually(async () => {
    expect(await behind.receipts()).toMatchObject([{ kind: 'handshake-failed', upstream: 'llm' }]);
  });
});

test('calls to other hosts are refused and leave a receipt', async () => {
  const behind = await startBehind();
  expect((await behind.send('CONNECT Telemetry.Example.:443')).text).toMatch(
    /^HTTP\/1\.1 403 Forbidden\r\n[\s\S]*no upstream of the contract is telemetry\.example:443\n$/,
  );
  expect((await behind.send('GET http://telemetry.example/v1?key=1')).status).toBe('HTTP/1.1 403 Forbidden');
  // Not even upstreams of the lab whose addresses are in the service's settings.
  expect((await behind.send(`CONNECT ${new URL(behind.fakes.upstreams.direct ?? '').host}`)).status).toMatch(/ 403 /);
  expect(await behind.receipts()).toMatchObject([
    { kind: 'stray', upstream: 'telemetry.example:443', why: 'unknown-host' },
    { kind: 'stray', upstream: 'telemetry.example:80', why: 'unknown-host' },
    { kind: 'stray', upstream: expect.stringMatching(/^127\.0\.0\.1:/), why: 'unknown-host' },
  ]);
});

test.each([
  ['no credentials', ''],
  ['another token', `proxy-authorization: Basic ${Buffer.from('lab:guess').toString('base64')}\r\n`],
])('a client with %s is refused and leaves no receipt', async (_, headers) => {
  const behind = await startBehind();
  for (const line of ['CONNECT api.groq.com:443', 'CONNECT other.example:443', 'GET http://memory.example:8080/']) {
    expect((await behind.send(line, headers)).text).toMatch(
      /^HTTP\/1\.1 407 [\s\S]*proxy-authenticate: Basic realm="lab"/i,
    );
  }
  expect(await behind.receipts()).toEqual([]);
});

test('an upstream without TLS gets plain requests and tunnels, and faults act on both', async () => {
  const behind = await startBehind();
  const get = 'GET http://memory.example:8080/v1/event/x/?x=1';
  const { socket } = await behind.send(get);
  socket.write(`GET http://memory.example:8080/v1/event/x/ HTTP/1.1\r\nhost: x\r\n${behind.authorization}\r\n`);
  await once(socket, 'data');
  const tunnel = await behind.send('CONNECT memory.example:8080');
  tunnel.socket.write('GET /v1/event/x/ HTTP/1.1\r\nhost: x\r\n\r\n');
  await once(tunnel.socket, 'data');
  expect(await behind.receipts('memory')).toMatchObject([
    { kind: 'request', path: '/v1/event/x/?x=1', connection: 1 },
    { kind: 'request', path: '/v1/event/x/', connection: 1 },
    { kind: 'request', path: '/v1/event/x/', connection: 2 },
  ]);
  // The credentials are for the proxy only.
  expect(await behind.receipts()).not.toContainEqual(expect.objectContaining({ credentials: expect.anything() }));
  await behind.inject('memory', { kind: 'reset' });
  await expect(behind.send(get)).rejects.toMatchObject({ code: 'ECONNRESET' });
  await behind.control('DELETE', '/faults');
  await behind.inject('memory', { kind: 'refuse' });
  await expect(behind.send(get)).rejects.toMatchObject({ code: 'ECONNRESET' });
});

test('an upstream that is refused does not end calls to another one on the same connection', async () => {
  const behind = await startBehind({
    ...UPSTREAMS,
    notes: { kind: 'mem0', via: 'proxy', host: 'notes.example', tls: false },
  });
  const { socket } = await behind.send('GET http://notes.example/v1/event/x/');
  await behind.inject('memory', { kind: 'latency', milliseconds: 200 });
  socket.write(`GET http://memory.example:8080/v1/event/x/ HTTP/1.1\r\nhost: x\r\n${behind.authorization}\r\n`);
  await eventually(async () => expect(await behind.receipts('memory')).toMatchObject([{ outcome: 'open' }]));
  await behind.inject('notes', { kind: 'refuse' });
  expect(String((await once(socket, 'data'))[0])).toMatch(/^HTTP\/1\.1 401 /);
  socket.write(`GET http://notes.example/v1/event/x/ HTTP/1.1\r\nhost: x\r\n${behind.authorization}\r\n`);
  expect((await once(socket, 'error'))[0]).toMatchObject({ code: 'ECONNRESET' });
});

test('plain text to an upstream with TLS is the same as at its own port', async () => {
  const behind = await startBehind();
  const { socket } = await behind.send('CONNECT api.groq.com:80');
  socket.write('GET /openai/v1/models HTTP/1.1\r\nhost: x\r\n\r\n');
  await once(socket, 'close');
  await expect(behind.models().then(() => behind.send('GET http://api.groq.com/openai/v1/models'))).rejects.toThrow();
  const failed = { kind: 'handshake-failed', upstream: 'llm', error: 'ERR_SSL_HTTP_REQUEST' };
  expect((await behind.receipts()).filter((receipt) => !('route' in receipt))).toMatchObject([failed, failed]);
});

test('a client that leaves TLS to the proxy is refused, because its checks of certificates can not be seen', async () => {
  const behind = await startBehind();
  expect((await behind.send('GET https://api.groq.com/openai/v1/models')).status).toBe('HTTP/1.1 501 Not Implemented');
  expect(await behind.receipts()).toMatchObject([{ kind: 'stray', upstream: 'api.groq.com:443', why: 'no-tunnel' }]);
});

test('there is no proxy without an upstream behind it', async () => {
  const fakes = await startFakes(defineUpstreams({ llm: { kind: 'groq' } }), { certify: keptCertificates });
  onTestFinished(() => fakes[Symbol.asyncDispose]());
  expect(fakes.proxy).toBeUndefined();
});
