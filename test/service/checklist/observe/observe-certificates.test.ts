import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { expect, test } from 'vitest';
import { certificateKinds } from '../../../../faults/certificates/certificate-kinds.ts';
import { certificates as item } from '../../../../service/checklist/items/certificates.ts';
import type { Observations } from '../../../../service/checklist/observe/observations.ts';
import { observeCertificates } from '../../../../service/checklist/observe/observe-certificates.ts';
import { keptCertificates } from '../../../support/kept-certificates.ts';
import { refuse } from '../../../support/refusing-port.ts';
import { startTlsServer } from '../../support/tls-server.ts';

const DAY_MS = 86_400_000;

/** Judges the certificates at these origins, as seen after some days. */
async function judged(llm: string, memory: string, days = 0) {
  const { ca } = await keptCertificates();
  const metrics = new Map([
    [`upstream_tls{upstream="llm",origin="${llm}"}`, Number(llm.startsWith('https'))],
    [`upstream_tls{upstream="memory",origin="${memory}"}`, Number(memory.startsWith('https'))],
  ]);
  const certificates = await observeCertificates({ value: metrics }, ca);
  return item.judge({ certificates, now: Date.now() + days * DAY_MS } as Observations);
}

const startWith = async (kind: (typeof certificateKinds)[number]) =>
  startTlsServer(await (await keptCertificates()).leaf(kind));

test('trusted certificates hold, with the day on which they end', async () => {
  await using server = await startWith('trusted');
  const byName = server.url.replace('127.0.0.1', 'localhost');
  const { mark, evidence } = await judged(server.url, byName);
  expect([mark, evidence]).toEqual(['HOLDS', expect.stringMatching(/^chain, host name and dates are right: /)]);
  expect(evidence).toContain(`Memory API at ${byName} until `);
  expect(evidence).toMatch(/\((29|30) days\)/);
});

const PROBLEM = {
  'self-signed': /the certificate is self-signed/,
  'unknown-ca': /the CA is not trusted/,
  'incomplete-chain': /the chain is incomplete/,
  expired: /the certificate has expired \(CERT_HAS_EXPIRED\)/,
  'not-yet-valid': /the certificate is not yet valid/,
  'wrong-host': /the certificate is for another host name \(ERR_TLS_CERT_ALTNAME_INVALID\)/,
  'weak-key': /for example because its key is too weak/,
};

test.each(certificateKinds.filter((kind) => kind !== 'trusted'))('a certificate of the kind %s fails', async (kind) => {
  await using good = await startWith('trusted');
  await using bad = await startWith(kind);
  const { mark, evidence } = await judged(good.url, bad.url);
  expect(mark).toBe('FAILS');
  expect(evidence).toMatch(PROBLEM[kind]);
  expect(evidence).toContain(`Memory API at ${bad.url}`);
  expect(evidence).not.toContain('LLM API');
});

test('a certificate that is about to expire is a warning', async () => {
  await using server = await startWith('trusted');
  expect((await judged(server.url, server.url, 16)).mark).toBe('HOLDS');
  const { mark, evidence } = await judged(server.url, server.url, 25);
  expect([mark, evidence]).toEqual(['WARNING', expect.stringMatching(/ \([45] days\)/)]);
});

test('a server without TLS fails, and one that does not answer is unknown', async () => {
  await using good = await startWith('trusted');
  const plain = createServer((socket) =>
    socket
      .on('error', () => {})
      .resume()
      .end('HTTP/1.1 400 Bad Request\r\n\r\n'),
  );
  plain.listen(0, '127.0.0.1');
  await once(plain, 'listening');
  const url = `https://127.0.0.1:${(plain.address() as AddressInfo).port}`;
  expect(await judged(url, good.url)).toMatchObject({
    mark: 'FAILS',
    evidence: expect.stringContaining('no TLS connection is possible'),
  });
  refuse(plain);
  await once(plain, 'close');
  const gone = await judged(url, good.url);
  expect(gone).toMatchObject({ mark: 'UNKNOWN', evidence: expect.stringContaining('ECONNREFUSED') });
  expect(gone.evidence).toContain(`openssl s_client -verify_return_error -connect ${new URL(url).host}`);
});

test('without metrics of the upstreams, the certificates are unknown', async () => {
  const hidden = await observeCertificates({ value: new Map() });
  expect(item.judge({ certificates: hidden, now: 0 } as Observations).mark).toBe('UNKNOWN');
  const missing = await observeCertificates({ missing: 'URL is not set' });
  expect(item.judge({ certificates: missing, now: 0 } as Observations).mark).toBe('UNKNOWN');
});
