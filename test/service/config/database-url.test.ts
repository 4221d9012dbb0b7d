import { once } from 'node:events';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { createSecureContext, TLSSocket } from 'node:tls';
import { expect, onTestFinished, test } from 'vitest';
import { databaseTlsProblem } from '../../../service/config/database-url.ts';
import { createDatabase } from '../../../service/storage/pool.ts';
import { temporaryFile } from '../../support/temporary-folder.ts';
import { selfSignedCertificate } from '../support/certificates.ts';
import { recordLog } from '../support/log-recorder.ts';

const problemOf = (query: string) => databaseTlsProblem(new URL(`postgres://ada:hunter2@127.0.0.1/db?${query}`));

test.each([
  '',
  'sslmode=disable',
  'sslmode=prefer',
  'sslmode=require',
  'sslmode=verify-ca',
  'sslmode=verify-full',
  'ssl=true',
  'ssl=0',
  'sslmode=verify-full&sslrootcert=package.json',
  'sslmode=no-verify&sslmode=verify-full',
])('accepts ?%s', (query) => {
  expect(problemOf(query)).toBeUndefined();
});

test.each([
  ['sslmode=no-verify', 'without verification'],
  ['ssl=no-verify', 'without verification'],
  ['sslmode=verify-full&sslmode=no-verify', 'without verification'],
  ['sslmode=require&uselibpqcompat=true', 'uselibpqcompat'],
  ['sslmode=verify-full&uselibpqcompat=true', 'uselibpqcompat'],
  ['sslmode=allow', 'unknown sslmode'],
  ['sslmode=Require', 'unknown sslmode'],
  ['sslmode=', 'unknown sslmode'],
  ['sslmode=verify_full', 'unknown sslmode'],
  ['ssl=false', 'unknown value of ssl'],
  ['sslmode=verify-full&sslrootcert=/nowhere/ca.pem', "can't be read (ENOENT)"],
])('rejects ?%s: %s', (query, problem) => {
  expect(problemOf(query)).toContain(problem);
  expect(problemOf(query)).not.toContain('hunter2');
});

/**
 * Starts a server that speaks the beginning of the PostgreSQL protocol, accepts TLS with its own certificate, and
 * records the decrypted data.
 */
async function startImpostor() {
  const { key, cert } = await selfSignedCertificate();
  const received: Buffer[] = [];
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket.on('error', () => {}));
    socket.once('data', () => {
      socket.write('S');
      const secure = new TLSSocket(socket, { isServer: true, secureContext: createSecureContext({ key, cert }) });
      secure.on('error', () => {}).on('data', (data: Buffer) => received.push(data));
    });
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  return { port: (server.address() as AddressInfo).port, cert, received };
}

async function ask(port: number, query: string, host = '127.0.0.1') {
  const options = { poolMax: 1, queueMax: 1, acquireTimeoutMs: 500, statementTimeoutMs: 500 };
  const url = `postgres://ada:hunter2@${host}:${port}/db?${query}`;
  const database = createDatabase({ url, ...options }, recordLog().logger);
  onTestFinished(() => database.close());
  return database.query('SELECT 1', []).catch((error: Error) => error);
}

test.each(['sslmode=require', 'sslmode=prefer', 'sslmode=verify-ca', 'sslmode=verify-full', 'ssl=true'])(
  'an impostor of the database receives neither user nor password with ?%s',
  async (query) => {
    const { port, received } = await startImpostor();
    expect(await ask(port, query)).toMatchObject({ cause: { code: 'DEPTH_ZERO_SELF_SIGNED_CERT' } });
    expect(received).toEqual([]);
  },
);

/** Returns the URL query that uses the impostor's certificate as CA. */
async function trusting(cert: string) {
  const file = await temporaryFile('ca.pem', cert);
  return `sslmode=verify-full&sslrootcert=${encodeURIComponent(file)}`;
}

test('accepts a server that sslrootcert verifies', async () => {
  const { port, cert, received } = await startImpostor();
  await ask(port, await trusting(cert));
  expect(Buffer.concat(received).toString()).toContain('ada');
});

test('rejects a server that sslrootcert verifies under another name', async () => {
  const { port, cert, received } = await startImpostor();
  expect(await ask(port, await trusting(cert), 'localhost')).toMatchObject({
    cause: { code: 'ERR_TLS_CERT_ALTNAME_INVALID' },
  });
  expect(received).toEqual([]);
});
