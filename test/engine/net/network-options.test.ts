import { once } from 'node:events';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import type { TlsOptions } from 'node:tls';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import type { Certificates } from '../../../faults/certificates/certificates.ts';
import { startTarget } from '../../k6-golden/target.mjs';
import { keptCertificates } from '../../support/kept-certificates.ts';
import { runSource } from '../run-source.ts';

let target: Awaited<ReturnType<typeof startTarget>>;
let certificates: Certificates;

beforeAll(async () => {
  target = await startTarget();
  certificates = await keptCertificates();
});

afterAll(() => target.close());

/** Runs the body of a default function with the given options, and returns its console output. */
async function run(options: object, body: string, env: Record<string, string> = {}) {
  const source = `
    import http from 'k6/http';
    export const options = JSON.parse(__ENV.OPTIONS);
    const show = (...values) => console.log(JSON.stringify(values));
    export default function () { ${body} }`;
  const result = await runSource(source, {
    env: { OPTIONS: JSON.stringify(options), TARGET: target.url, PORT: new URL(target.url).port, ...env },
  });
  return { ...result, shown: result.said.map((line) => JSON.parse(line)) };
}

/** Starts an HTTPS server that responds with the name in the client's certificate. */
async function startHttps(options: TlsOptions): Promise<string> {
  const server = createServer({ ...certificates.trusted, ...options }, (request, response) => {
    const { subject } = (request.socket as import('node:tls').TLSSocket).getPeerCertificate();
    response.end(String(subject?.CN ?? 'nobody'));
  });
  server.on('tlsClientError', () => {});
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return `https://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

describe('TLS', () => {
  const ask =
    'const res = http.get(__ENV.HTTPS); show(res.tls_version, res.tls_cipher_suite, res.status, res.error_code);';
  const insecure = { insecureSkipTLSVerify: true };
  const ANY: TlsOptions = { minVersion: 'TLSv1', ciphers: 'DEFAULT:@SECLEVEL=0' };
  const SUITES = ['TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256', 'TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305'] as const;

  test.each([
    [{}, 'tls1.3'],
    [{ tlsVersion: 'tls1.2' }, 'tls1.2'],
    [{ tlsVersion: 'tls1.1' }, 'tls1.1'],
    [{ tlsVersion: { max: 'tls1.0' } }, 'tls1.0'],
    [{ tlsVersion: { min: 'tls1.0', max: 'tls1.2' } }, 'tls1.2'],
    [{ tlsVersion: { min: 'ssl3.0', max: 'tls1.0' } }, 'tls1.0'],
  ])('%j uses the highest allowed version', async (options, version) => {
    const HTTPS = await startHttps(ANY);
    const { shown } = await run({ ...insecure, ...options }, ask, { HTTPS });
    expect(shown[0]).toMatchObject([version, expect.stringMatching(/^TLS_/), 200, 0]);
  });

  test('fails a request if server and client have no common version', async () => {
    const HTTPS = await startHttps({ ...ANY, maxVersion: 'TLSv1.2' });
    const { shown } = await run({ ...insecure, tlsVersion: { min: 'tls1.3' } }, ask, { HTTPS });
    expect(shown[0]?.slice(2)).toEqual([0, 1010]);
  });

  test('offers the configured cipher suites, and always those of TLS 1.3', async () => {
    const HTTPS = await startHttps(ANY);
    for (const [index, suite] of SUITES.entries()) {
      const { shown } = await run({ ...insecure, tlsVersion: 'tls1.2', tlsCipherSuites: [suite] }, ask, { HTTPS });
      // The second suite's standard name has the hash appended.
      expect(shown[0]?.[1]).toBe(index === 0 ? suite : `${suite}_SHA256`);
    }
    const { shown } = await run({ ...insecure, tlsCipherSuites: [SUITES[0]] }, ask, { HTTPS });
    expect(shown[0]?.[0]).toBe('tls1.3');
  });

  test('sends the client certificate for a host', async () => {
    const HTTPS = await startHttps({ requestCert: true, rejectUnauthorized: false });
    const { cert, key } = certificates.trusted;
    const { cert: other, key: otherKey } = await certificates.leaf('self-signed');
    const named = async (tlsAuth: object[]) =>
      (await run({ ...insecure, tlsAuth }, 'show(http.get(__ENV.HTTPS).body);', { HTTPS })).shown[0]?.[0];
    const nobody = await named([]);
    const withCertificate = await named([{ cert, key }]);
    expect(nobody).toBe('nobody');
    expect(withCertificate).not.toBe(nobody);
    expect(await named([{ cert: other, key: otherKey, domains: ['elsewhere.test'] }])).toBe('nobody');
    const chosen = [
      { cert: other, key: otherKey, domains: ['elsewhere.test'] },
      { cert, key, domains: ['127.0.0.1'] },
    ];
    expect(await named(chosen)).toBe(withCertificate);
  });
});

describe('hosts and blocking', () => {
  const ask =
    'for (const url of JSON.parse(__ENV.URLS)) { const res = http.get(url); show(res.status, res.error_code, res.error); }';
  const urls = (...hosts: string[]) => ({
    URLS: JSON.stringify(hosts.map((host) => `http://${host}:${new URL(target.url).port}/ok`)),
  });
  const hosts = { 'a.test': '127.0.0.1', 'sub.a.test': '127.0.0.1', 'b.test': '127.0.0.1' };

  test('blocks names and patterns, whatever their address', async () => {
    const all = urls('a.test', 'SUB.a.test', 'b.test', '127.0.0.1');
    const { shown } = await run({ hosts, blockHostnames: ['*.A.test', 'b.test'] }, ask, all);
    const blocked = [0, 1111, 'hostname is blocked'];
    expect(shown).toEqual([[200, 0, ''], blocked, blocked, [200, 0, '']]);
  });

  test('blocks addresses, including those of host names', async () => {
    const { shown } = await run({ hosts, blacklistIPs: ['127.0.0.0/30', '::1/128'] }, ask, urls('127.0.0.1', 'a.test'));
    expect(shown).toEqual([
      [0, 1110, 'ip is blacklisted'],
      [0, 1110, 'ip is blacklisted'],
    ]);
    const elsewhere = await run({ hosts, blacklistIPs: ['10.0.0.0/8'] }, ask, urls('127.0.0.1', 'a.test'));
    expect(elsewhere.shown.map(([status]) => status)).toEqual([200, 200]);
  });

  test('accepts the same options as flags and variables', async () => {
    const source = `
      import http from 'k6/http';
      export default () => { const res = http.get('http://localhost:1/'); console.log(res.error_code); };`;
    const said = async (args: string[], environment = {}) => (await runSource(source, { args, environment })).said;
    expect(await said(['--block-hostnames', 'localhost,x.test'])).toEqual(['1111']);
    expect(await said(['--blacklist-ip', '127.0.0.0/8', '--dns', 'ttl=1s,select=first,policy=onlyIPv4'])).toEqual([
      '1110',
    ]);
    expect(await said([], { K6_BLACKLIST_IPS: '127.0.0.0/8', K6_DNS: 'policy=onlyIPv4' })).toEqual(['1110']);
    expect(await said([])).toEqual(['1212']);
  });

  test('fails for an unknown host', async () => {
    expect((await run({ dns: { ttl: '0' } }, ask, urls('nowhere.invalid'))).shown[0]?.[1]).toBe(1101);
  });
});

describe('requests', () => {
  test.each([
    [{ batch: 5, batchPerHost: 2 }, '2'],
    [{ batch: 3, batchPerHost: 0 }, '3'],
    [{ batch: 0, batchPerHost: 0 }, '8'],
  ])('%j limits the concurrent requests of a batch', async (options, peak) => {
    const own = await startTarget();
    onTestFinished(() => own.close());
    const body = `
      http.batch(Array.from({ length: 8 }, () => __ENV.OWN + '/busy/100'));
      show(http.get(__ENV.OWN + '/busy-peak').body);`;
    expect((await run(options, body, { OWN: own.url })).shown).toEqual([[peak]]);
  });

  test('have the configured user agent, or none if it is empty', async () => {
    const body = "show(http.get(__ENV.TARGET + '/echo').json('headers.user-agent') || 'none');";
    expect((await run({ userAgent: 'mine/1' }, body)).shown).toEqual([['mine/1']]);
    expect((await run({}, body)).shown).toEqual([['Grafana k6/2.2.0']]);
    expect((await run({ userAgent: '' }, body)).shown).toEqual([['none']]);
  });

  test('can use a new connection per request or per iteration', async () => {
    const body = "show(...[1, 2].map(() => http.get(__ENV.TARGET + '/connection').body));";
    const distinct = ({ shown }: { shown: string[][] }) => [
      new Set(shown.flat()).size,
      ...shown.map((list) => new Set(list).size),
    ];
    expect(distinct(await run({ iterations: 2 }, body))).toEqual([1, 1, 1]);
    expect(distinct(await run({ iterations: 2, noVUConnectionReuse: true }, body))).toEqual([2, 1, 1]);
    expect(distinct(await run({ iterations: 2, noConnectionReuse: true }, body))).toEqual([4, 2, 2]);
  });

  test('throw on failure if configured', async () => {
    const body =
      "try { show(http.get('http://127.0.0.1:1/').error_code); } catch (error) { show(error.name, error.message); }";
    expect((await run({}, body)).shown).toEqual([[1212]]);
    const { shown } = await run({ throw: true }, body);
    expect(shown).toEqual([['GoError', expect.stringContaining('connection refused')]]);
  });

  test('are logged with their responses, and with bodies if configured', async () => {
    const body = "http.post(__ENV.TARGET + '/ok', 'my body');";
    const logged = async (httpDebug: string | boolean) =>
      (await run({ httpDebug }, body)).log.map(({ msg }) => msg).filter((msg) => /^Re(quest|sponse):/.test(msg));
    const [request = '', response = '', ...rest] = await logged('headers');
    expect(rest).toEqual([]);
    expect(request).toMatch(/^Request:\nPOST \/ok HTTP\/1\.1\nHost: 127\.0\.0\.1:\d+\n/);
    expect(response).toMatch(/^Response:\nHTTP\/1\.1 200 OK\n/);
    expect(request + response).not.toMatch(/my body|\nok/);
    const full = (await logged('full')).join('\n');
    expect(full).toMatch(/my body[\s\S]*\nok/);
    expect(await logged('')).toEqual([]);
  });
});

describe('is rejected by name:', () => {
  test.each([
    [{ tlsVersion: 'ssl2.0' }, "tlsVersion.min: unknown TLS version 'ssl2.0'"],
    [{ tlsVersion: { min: 'tls1.3', max: 'tls1.2' } }, 'tlsVersion: the lowest TLS version is above the highest'],
    [{ tlsCipherSuites: ['TLS_RSA_WITH_RC4_128_SHA'] }, "the cipher suite 'TLS_RSA_WITH_RC4_128_SHA' is not available"],
    [{ tlsAuth: [{ cert: 'none', key: 'none' }] }, "tlsAuth.0: certificate and key can't be read"],
    [{ blockHostnames: ['a.*.test'] }, "invalid hostname pattern 'a.*.test'"],
    [{ hosts: { SOME_HOST: '127.0.0.1' } }, "hosts: invalid host pattern 'some_host'"],
    [{ hosts: { 'a.*.test': '127.0.0.1' } }, "hosts: invalid host pattern 'a.*.test'"],
    [{ hosts: { 'a.test:http': '127.0.0.1' } }, "hosts: invalid host pattern 'a.test:http'"],
    [{ blacklistIPs: ['10.0.0.0'] }, "failed to parse CIDR '10.0.0.0'"],
    [{ dns: { ttl: 'soon' } }, 'dns: invalid DNS TTL: soon'],
    [{ dns: { policy: 'never' } }, 'dns.policy'],
    [{ paused: true }, 'paused: it needs an API that the embedded engine does not have'],
  ])('%j', async (options, why) => {
    const { exitCode, log } = await run(options, '');
    expect([exitCode, log[0]?.msg]).toEqual([104, expect.stringContaining(why)]);
  });
});

test.each(['a.test', 'a.test:80', '*.a.test:8080', '*', ''])('accepts the host pattern %j', async (pattern) => {
  expect((await run({ hosts: { [pattern]: '127.0.0.1' } }, 'show(1);')).shown).toEqual([[1]]);
});

test('accepts paused: false', async () => {
  expect((await run({ paused: false }, 'show(1);')).shown).toEqual([[1]]);
});
