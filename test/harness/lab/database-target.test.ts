import { once } from 'node:events';
import { connect } from 'node:net';
import { connect as tlsConnect } from 'node:tls';
import { expect, test } from 'vitest';
import { faultOperations } from '../../../faults/control/fault-operations.ts';
import { DATABASE } from '../../../harness/contract/uses-postgres.ts';
import { DatabaseTarget } from '../../../harness/lab/database-target.ts';
import { findOperation } from '../../support/find-operation.ts';
import { keptCertificates } from '../../support/kept-certificates.ts';

const certificates = await keptCertificates();
const SSL_REQUEST = Buffer.from('0000000804d2162f', 'hex');

const startTarget = (served?: typeof certificates) => {
  const url = 'postgresql://role:word@127.0.0.1:1/d';
  const database = { url, adminUrl: url, role: 'role', password: 'word', [Symbol.asyncDispose]: async () => {} };
  return DatabaseTarget.start({ database, table: undefined, server: undefined, certificates: served });
};

/**
 * Performs a TLS handshake like PostgreSQL's clients.
 *
 * @throws Error for a rejected certificate
 */
async function shakeHands(url: string | undefined): Promise<void> {
  const socket = connect({ host: '127.0.0.1', port: Number(new URL(url as string).port) });
  socket.write(SSL_REQUEST);
  await once(socket, 'data');
  const secured = tlsConnect({ socket, ca: certificates.ca, servername: 'localhost' });
  await once(secured, 'secureConnect').finally(() => socket.destroy());
}

test('a database with TLS presents any certificate, and the trusted one once it is healed', async () => {
  await using target = await startTarget(certificates);
  expect(target.tlsUrl).toMatch(/^postgresql:\/\/role:word@127\.0\.0\.1:\d+\/d$/);
  await shakeHands(target.tlsUrl);
  await target.useCertificate('expired');
  await expect(shakeHands(target.tlsUrl)).rejects.toThrow('certificate has expired');
  target.healAll();
  await shakeHands(target.tlsUrl);
});

test('a database without TLS rejects a change of certificate', async () => {
  await using target = await startTarget();
  expect(target.tlsUrl).toBeUndefined();
  await expect(target.useCertificate('expired')).rejects.toMatchObject({ code: 'no-tls' });
  expect(target.healAll()).toEqual([]);
});

test('replies can only be lost if the contract describes a ledger', async () => {
  await using target = await startTarget();
  const operations = faultOperations({ upstreams: new Map([[DATABASE, target]]) });
  const { operation, params = {} } = findOperation(operations, 'POST', `/upstreams/${DATABASE}/faults`) ?? {};
  const call = { params, query: {}, body: { kind: 'lost-reply' } };
  await expect(async () => operation?.prepare(call)(undefined as never)).rejects.toMatchObject({
    code: 'invalid-field',
    message: expect.stringContaining('the contract describes no ledger'),
  });
});
