import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { originOf } from '../../faults/base/origin.ts';
import { createCertificates } from '../../faults/certificates/certificates.ts';

// The simplest Node server that reads a body over HTTPS and responds. It is the baseline for the fakes and uses the
// same kind of certificate.
const { ca, trusted } = await createCertificates();
const directory = await mkdtemp(join(tmpdir(), 'proofload-echo-'));
const file = join(directory, 'ca.pem');
await writeFile(file, ca);

const server = createServer({ ...trusted, keepAliveTimeout: 120_000 }, (incoming, outgoing) => {
  const chunks: Buffer[] = [];
  incoming.on('data', (chunk) => chunks.push(chunk));
  incoming.once('end', () => {
    const body = Buffer.concat(chunks);
    outgoing.writeHead(200, { 'content-type': 'application/json', 'content-length': body.byteLength });
    outgoing.end(body);
  });
});
await once(server.listen(0, '127.0.0.1'), 'listening');
process.once('SIGTERM', async () => {
  await rm(directory, { recursive: true });
  process.exit(0);
});
console.log(JSON.stringify({ ready: true, url: originOf('https', server.address() as AddressInfo), ca: file }));
