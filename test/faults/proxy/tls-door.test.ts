import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { type TLSSocket, connect as tlsConnect } from 'node:tls';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { certificateKinds } from '../../../faults/certificates/certificate-kinds.ts';
import { TlsDoor } from '../../../faults/proxy/tls-door.ts';
import { Receipts } from '../../../faults/receipts/receipts.ts';
import { eventually } from '../../support/eventually.ts';
import { keptCertificates } from '../../support/kept-certificates.ts';

const certificates = await keptCertificates();
const BAD = certificateKinds.filter((kind) => kind !== 'trusted');
const SSL_REQUEST = Buffer.from('0000000804d2162f', 'hex');
const GSS_REQUEST = Buffer.from('0000000804d21630', 'hex');

let resources: AsyncDisposableStack;
let receipts: Receipts;
let door: TlsDoor;
/** The bytes that got through. */
let arrived: string;

beforeEach(async () => {
  resources = new AsyncDisposableStack();
  arrived = '';
  receipts = new Receipts();
  const behind = createServer((socket) => {
    socket.on('error', () => {});
    socket.on('data', (bytes) => {
      arrived += bytes;
      socket.write(`you said ${bytes}`);
    });
  });
  await once(behind.listen(0, '127.0.0.1'), 'listening');
  resources.defer(() => new Promise<void>((closed) => behind.close(() => closed())));
  const { port } = behind.address() as AddressInfo;
  door = resources.use(await TlsDoor.start({ port, certificates, receipts, name: 'database' }));
});
afterEach(() => resources.disposeAsync());

async function knock(): Promise<Socket> {
  const socket = connect({ host: '127.0.0.1', port: door.port });
  socket.on('error', () => {});
  resources.defer(() => void socket.destroy());
  await once(socket, 'connect');
  return socket;
}

async function ask(socket: Socket, request: Buffer): Promise<string> {
  socket.write(request);
  const [answer] = await once(socket, 'data');
  return String(answer);
}

/**
 * Connects like a PostgreSQL client that verifies the server.
 *
 * @throws Error for a rejected certificate
 */
async function enter(): Promise<TLSSocket> {
  const socket = await knock();
  expect(await ask(socket, SSL_REQUEST)).toBe('S');
  const secured = tlsConnect({ socket, ca: certificates.ca, servername: 'localhost' });
  await once(secured, 'secureConnect');
  return secured;
}

test('forwards both directions for a client that trusts the certificate', async () => {
  const client = await enter();
  client.write('hello');
  const [answer] = await once(client, 'data');
  expect(String(answer)).toBe('you said hello');
  expect(receipts.count('database').handshakesFailed).toBe(0);
});

test.each(BAD)(
  'presents a certificate that is %s, and forwards nothing from a client that rejects it',
  async (kind) => {
    await door.useCertificate(kind);
    await expect(enter()).rejects.toThrow();
    await eventually(() => expect(receipts.count('database').handshakesFailed).toBe(1));
    expect(arrived).toBe('');
  },
);

test('a client that accepts a bad certificate is forwarded to the server', async () => {
  await door.useCertificate('self-signed');
  const socket = await knock();
  await ask(socket, SSL_REQUEST);
  const client = tlsConnect({ socket, rejectUnauthorized: false });
  client.write('password');
  await once(client, 'data');
  expect(arrived).toBe('password');
});

test('a certificate that takes long to create does not replace a later one', async () => {
  const created = Promise.withResolvers<void>();
  const leaf = vi.spyOn(certificates, 'leaf').mockImplementationOnce(async () => {
    await created.promise;
    return certificates.leaf('expired');
  });
  resources.defer(() => leaf.mockRestore());
  const slow = door.useCertificate('expired');
  await door.useCertificate('trusted');
  created.resolve();
  await slow;
  await enter();
});

test('a change of certificate closes open connections', async () => {
  const client = await enter();
  client.on('error', () => {});
  client.write('hello');
  await once(client, 'data');
  const closed = once(client, 'close');
  await door.useCertificate('expired');
  await closed;
});

test('a client that leaves after the handshake without sending data counts as having rejected the certificate', async () => {
  const client = await enter();
  client.destroy();
  await eventually(() => expect(receipts.count('database').handshakesFailed).toBe(1));
});

test("rejects GSSAPI and waits for the client's next request", async () => {
  const socket = await knock();
  expect(await ask(socket, GSS_REQUEST)).toBe('N');
  expect(await ask(socket, SSL_REQUEST)).toBe('S');
});

test('forwards unencrypted bytes, so that they are noticed', async () => {
  const socket = await knock();
  expect(await ask(socket, Buffer.from('startup message'))).toBe('you said startup message');
});
