import { execFile } from 'node:child_process';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { createServer } from 'node:tls';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { createJsonClient } from '../../../service/upstreams/json-client.ts';
import { createUpstreamAgent } from '../../../service/upstreams/tls.ts';
import { temporaryFile } from '../../support/temporary-folder.ts';
import { requestBudget } from '../support/budget.ts';
import { selfSignedCertificate } from '../support/certificates.ts';
import { clientOptions } from '../support/upstream-client.ts';

/** Starts a TLS server with an untrusted certificate. It records all decrypted bytes and responds with `{}`. */
async function startImpostor() {
  const { key, cert } = await selfSignedCertificate();
  const impostor = { received: '', connections: 0 };
  const server = createServer({ key, cert }, (socket) => {
    impostor.connections += 1;
    socket.on('error', () => {});
    socket.on('data', (data) => {
      impostor.received += data.toString();
      socket.end('HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n{}');
    });
  });
  server.on('tlsClientError', () => {});
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return Object.assign(impostor, {
    cert,
    url: `https://127.0.0.1:${(server.address() as AddressInfo).port}`,
    [Symbol.asyncDispose]: async () => void server.close(),
  });
}

function postTo(baseUrl: string, verify: boolean) {
  const dispatcher = createUpstreamAgent({ verify });
  const client = createJsonClient(clientOptions(baseUrl, { authorization: 'Bearer secret', dispatcher }).options);
  return client('/path', {}, z.object({}), requestBudget()).finally(() => dispatcher.destroy());
}

test('with verification, an impostor is rejected and receives no data', async () => {
  await using impostor = await startImpostor();
  await expect(postTo(impostor.url, true)).rejects.toMatchObject({
    code: 'llm_unavailable',
    countsAsFailure: true,
    message: expect.stringContaining('DEPTH_ZERO_SELF_SIGNED_CERT'),
  });
  expect(impostor.received).toBe('');
});

test('without verification, a self-signed server is accepted', async () => {
  await using impostor = await startImpostor();
  expect(await postTo(impostor.url, false)).toEqual({});
  expect(impostor.received).toContain('authorization: Bearer secret');
});

test('a certificate for another host is rejected', async () => {
  await using impostor = await startImpostor();
  const elsewhere = impostor.url.replace('127.0.0.1', '127.0.0.2');
  await expect(postTo(elsewhere, true)).rejects.toMatchObject({ countsAsFailure: true });
  expect(impostor.received).toBe('');
});

test('with verification, a CA in NODE_EXTRA_CA_CERTS is trusted', async () => {
  await using impostor = await startImpostor();
  const ca = await temporaryFile('ca.pem', impostor.cert);
  const module = (path: string) => new URL(`../../../service/upstreams/${path}`, import.meta.url).href;
  const script = `
    import { request } from 'undici';
    import { createUpstreamAgent } from '${module('tls.ts')}';
    const { statusCode } = await request('${impostor.url}', { dispatcher: createUpstreamAgent({ verify: true }) });
    console.log(statusCode);`;
  const { stdout } = await promisify(execFile)(process.execPath, ['--input-type=module', '-e', script], {
    env: { ...process.env, NODE_EXTRA_CA_CERTS: ca },
  });
  expect(stdout.trim()).toBe('200');
});
