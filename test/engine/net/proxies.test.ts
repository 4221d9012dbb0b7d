import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { parseGoUrl } from '../../../engine/net/go-url.ts';
import { Proxies } from '../../../engine/net/proxies.ts';
import { readTrustedRoots } from '../../../engine/net/trusted-roots.ts';
import { keptCertificates } from '../../support/kept-certificates.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';
import { runEngine, script } from '../engine-process.ts';
import { startProxy } from '../proxy-server.ts';
import { reduceLog } from '../recorded/reduce-log.ts';

const PROXY = 'http://proxy.test:3128';

// The expected values were recorded from Go's httpproxy.
test.each([
  ['', 'http://a.test/', true],
  ['', 'http://localhost/', false],
  ['', 'http://LOCALHOST/', true],
  ['', 'http://127.9.9.9:1/', false],
  ['', 'http://[::1]/', false],
  ['', 'http://0.0.0.0/', true],
  ['*', 'http://a.test/', false],
  ['a.test', 'http://a.test:8080/', false],
  ['a.test', 'http://x.a.test/', false],
  ['a.test', 'http://xa.test/', true],
  ['.a.test', 'http://a.test/', true],
  ['.a.test', 'https://x.a.test/', false],
  ['*.a.test', 'http://a.test/', true],
  ['*.a.test', 'http://x.a.test/', false],
  ['A.TEST', 'http://a.test/', false],
  ['a.test:80', 'http://a.test/', false],
  ['a.test:80', 'https://a.test/', true],
  ['a.test:443', 'https://a.test/', false],
  ['10.0.0.0/8', 'http://10.1.2.3/', false],
  ['10.0.0.0/8', 'http://11.1.2.3/', true],
  ['10.0.0.0/99', 'http://10.1.2.3/', true],
  ['10.1.2.3', 'http://10.1.2.3:81/', false],
  ['10.1.2.3:80', 'http://10.1.2.3:81/', true],
  ['10.1.2.3:80', 'http://10.1.2.3/', false],
  ['fd00::/8', 'http://[fd00::1]/', false],
  ['[fd00::1]:80', 'http://[fd00::1]/', false],
  ['[fd00::1]', 'http://[fd00::1]/', true],
  ['b.test , a.test', 'http://a.test/', false],
  ['test', 'http://a.test/', false],
  [':80', 'http://a.test/', true],
  ['a.test,*', 'http://b.test/', false],
])('with NO_PROXY=%s, %s is reached through the proxy: %s', (NO_PROXY, url, isProxied) => {
  const proxies = new Proxies({ HTTP_PROXY: PROXY, HTTPS_PROXY: PROXY, NO_PROXY });
  expect(proxies.for(parseGoUrl(url)) !== null).toBe(isProxied);
});

test.each([
  ['http://proxy.test', { origin: 'http://proxy.test:80' }],
  ['proxy.test:3128', { origin: 'http://proxy.test:3128' }],
  ['127.0.0.1:3128', { origin: 'http://127.0.0.1:3128' }],
  ['https://[::1]', { origin: 'https://[::1]:443' }],
  ['http://us%20er:p%40w@proxy.test:1', { origin: 'http://proxy.test:1', authorization: 'Basic dXMgZXI6cEB3' }],
  ['%zz', undefined],
  ['', undefined],
])('reads the proxy %j', (http_proxy, expected) => {
  expect(new Proxies({ http_proxy }).for(parseGoUrl('http://a.test/')) ?? undefined).toEqual(expected);
  expect(new Proxies({ http_proxy }).for(parseGoUrl('https://a.test/'))).toBeNull();
});

test('prefers upper-case variables, and rejects unsupported proxies', () => {
  const both = new Proxies({ HTTP_PROXY: PROXY, http_proxy: 'http://other.test' });
  expect(both.for(parseGoUrl('http://a.test/'))?.origin).toBe(PROXY);
  expect(() => new Proxies({ HTTPS_PROXY: 'socks5://proxy.test' })).toThrow(
    'the proxy socks5://proxy.test is not available in the embedded engine',
  );
});

test('uses a proxy as recorded from k6 v2.2.0', async () => {
  await using proxy = await startProxy();
  const folder = await temporaryFolder({ 'ca.pem': proxy.ca });
  const url = `http://us%20er:p%40w@${proxy.host}`;
  const run = await runEngine(
    ['run', '--quiet', '--log-format', 'json', '-e', `HOST=${proxy.host}`, script('proxied')],
    folder,
    { HTTP_PROXY: url, https_proxy: url, NO_PROXY: 'direct.test,10.0.0.0/8', SSL_CERT_FILE: join(folder, 'ca.pem') },
  );
  expect(run.exitCode).toBe(0);
  const recorded = await readFile(new URL('../recorded/proxied.json', import.meta.url), 'utf8');
  expect(reduceLog(run.stderr, proxy.host)).toEqual(JSON.parse(recorded));
});

test('trusts only the certificates in SSL_CERT_FILE and SSL_CERT_DIR', async () => {
  const folder = await temporaryFolder();
  const { ca } = await keptCertificates();
  await writeFile(
    join(folder, 'a.pem'),
    `a comment\n${ca}\n-----BEGIN CERTIFICATE-----\nbroken\n-----END CERTIFICATE-----\n`,
  );
  const empty = join(folder, 'nowhere');
  expect(readTrustedRoots({})).toBeUndefined();
  expect(readTrustedRoots({ SSL_CERT_FILE: join(folder, 'a.pem'), SSL_CERT_DIR: empty })).toEqual([ca.trim()]);
  expect(readTrustedRoots({ SSL_CERT_FILE: empty, SSL_CERT_DIR: `${empty}:${folder}` })).toEqual([ca.trim()]);
  expect(readTrustedRoots({ SSL_CERT_FILE: empty, SSL_CERT_DIR: empty })).toEqual([]);
  const extra = { NODE_EXTRA_CA_CERTS: join(folder, 'a.pem') };
  expect(readTrustedRoots({ SSL_CERT_FILE: empty, SSL_CERT_DIR: empty, ...extra })).toEqual([ca.trim()]);
  expect(readTrustedRoots(extra)).toBeUndefined();
});
