import { expect, test } from 'vitest';
import { parseGoUrl } from '../../../engine/net/go-url.ts';
import { proxyVariableFor, readProxied } from '../../../engine/net/proxied.ts';
import { runSource } from '../run-source.ts';

const BOTH = { HTTP_PROXY: 'http://proxy.test:3128', https_proxy: 'http://proxy.test:3128' };

test.each([
  ['http://a.test/', BOTH, 'HTTP_PROXY'],
  ['https://a.test/', BOTH, 'HTTPS_PROXY'],
  ['https://a.test/', { HTTP_PROXY: 'proxy.test' }, undefined],
  ['http://localhost:1/', BOTH, undefined],
  ['http://127.0.9.1/', BOTH, undefined],
  ['http://[::1]:2/', BOTH, undefined],
  ['http://a.test/', { ...BOTH, NO_PROXY: 'b.test, A.test' }, undefined],
  ['http://b.a.test/', { ...BOTH, no_proxy: 'a.test' }, undefined],
  ['http://b.a.test/', { ...BOTH, no_proxy: '*.a.test' }, undefined],
  ['http://ba.test/', { ...BOTH, no_proxy: 'a.test' }, 'HTTP_PROXY'],
  ['http://a.test/', { ...BOTH, no_proxy: '*' }, undefined],
  ['http://a.test/', {}, undefined],
])('the proxy for %s with %j is that of %s', (url, environment, expected) => {
  expect(proxyVariableFor(parseGoUrl(url), readProxied(environment))).toBe(expected);
});

test.each([
  ["http.get('http://a.test:81/')", 'HTTP_PROXY for a.test:81'],
  ["new WebSocket('wss://b.test/')", 'HTTPS_PROXY for b.test'],
])('a test ends if %s needs a proxy', async (code, what) => {
  const source = `import http from 'k6/http';\nimport { WebSocket } from 'k6/websockets';\nexport default () => { ${code} };`;
  const { errors, exitCode } = await runSource(source, { environment: BOTH });
  expect(errors).toContainEqual(
    `the proxy of ${what} (NO_PROXY can list hosts) is not available in the embedded engine: use ENGINE=k6`,
  );
  expect(exitCode).toBe(107);
});
