import { expect, test } from 'vitest';
import { type Arrivals, callHints } from '../../../../harness/checkers/upstream/call-hints.ts';
import type { RequestReceipt } from '../../../../harness/history/events.ts';
import { handshakeFailed, receipt as received } from '../../../support/history.ts';

const receipt = (fields: Partial<RequestReceipt>): RequestReceipt => ({
  ...received(1, 0, 5, 'payments'),
  route: 'POST /v2/refunds',
  ...fields,
});

const hints = (arrivals: Partial<Arrivals>): string[] =>
  callHints({ endpoint: 'refund', expected: ['payments'], requests: [], handshakes: [], ...arrivals });

test('an upstream that got no request: its base URL', () => {
  expect(hints({})).toEqual([
    "no request reached payments: set the service's base URL for it to ${upstream.payments} in environment",
  ]);
});

test('an upstream that got no request through the proxy: the client', () => {
  expect(hints({ proxied: ['payments'] })).toEqual([
    expect.stringMatching(/^No request reached payments through the proxy: .*Node needs NODE_USE_ENV_PROXY: "1"\.$/),
  ]);
  const plain = handshakeFailed(1, 0, 'payments', 'ERR_SSL_HTTP_REQUEST');
  expect(hints({ proxied: ['payments'], handshakes: [plain] })).toEqual([
    'payments is called over http:// instead of https://',
  ]);
});

test('a database that got no query: its URL, without TLS', () => {
  expect(hints({ expected: ['database'] })).toEqual([
    "no query reached database: set the service's database URL to ${postgres} in environment, " +
      'and not to ${postgres.tls}, because the lab cannot count queries inside TLS',
  ]);
});

test('what another upstream got does not count', () => {
  const absent = [expect.stringMatching(/^no request reached payments: /)];
  expect(hints({ requests: [receipt({ upstream: 'crm' })] })).toEqual(absent);
  expect(hints({ handshakes: [handshakeFailed(1, 0, 'crm')] })).toEqual(absent);
});

test('an upstream whose certificate was refused: the CA', () => {
  const failed = { ...handshakeFailed(1, 0, 'payments'), error: 'ERR_SSL_TLSV1_ALERT_UNKNOWN_CA' };
  expect(hints({ handshakes: [failed, failed] })).toEqual([
    "2 TLS handshakes with payments failed (ERR_SSL_TLSV1_ALERT_UNKNOWN_CA): the service does not trust the lab's CA; " +
      'pass it ${ca} in environment, for example as NODE_EXTRA_CA_CERTS, SSL_CERT_FILE or REQUESTS_CA_BUNDLE',
  ]);
});

test('an upstream that got plain text: the base URL, or a contract without TLS', () => {
  expect(hints({ handshakes: [handshakeFailed(1, 0, 'payments', 'ERR_SSL_HTTP_REQUEST')] })).toEqual([
    'payments is called over http:// instead of https://: use ${upstream.payments} as the base URL, ' +
      'or write `tls: false` in upstreams.payments if the real one has no TLS',
  ]);
});

test('a request that the upstream refused is named once', () => {
  const refused = receipt({ status: 404, route: 'GET /v2/refunds' });
  expect(hints({ requests: [refused, refused] })).toContain('payments answered 404 to GET /v2/refunds');
  expect(hints({ requests: [refused] })).toEqual(['payments answered 404 to GET /v2/refunds']);
  expect(hints({ requests: [receipt({ status: 400 })] })).toEqual(['payments answered 400 to POST /v2/refunds']);
});

test.each([
  ['/openai/v1/openai/v1/models', 'the client adds /openai/v1 itself: remove it from upstreams.payments.basePath'],
  ['/v1/v1', 'the client adds /v1 itself: remove it from upstreams.payments.basePath'],
  ['/v1/v12', 'if the real base URL has a path, such as /v1, write it in upstreams.payments.basePath'],
  ['/models', 'if the real base URL has a path, such as /v1, write it in upstreams.payments.basePath'],
])('a path that the upstream does not know, %s: the base path', (path, hint) => {
  const unknown = receipt({ status: 404, route: `GET ${path}`, unserved: 'no handler' });
  expect(hints({ requests: [unknown, unknown] })).toEqual(
    expect.arrayContaining([`payments answered 404 to GET ${path}: no handler`, hint]),
  );
});

test('a request whose connection the real server closed', () => {
  const cut = receipt({ status: null, outcome: 'cut', unserved: 'http://127.0.0.1:9200 closed the connection' });
  expect(hints({ requests: [cut] })).toEqual([
    'payments did not answer POST /v2/refunds (cut): http://127.0.0.1:9200 closed the connection',
  ]);
});

test('a request that came several times: the retries', () => {
  expect(hints({ requests: [receipt({ status: 500 }), receipt({ status: null }), receipt({})] })).toEqual([
    'payments answered 500 to POST /v2/refunds',
    'payments got POST /v2/refunds 3 times (500, no answer, 200): the service or its client retries; ' +
      'set its retries to 0, or list payments once per request in endpoints.refund.reaches',
  ]);
});

test('a request that the contract lists twice may come twice', () => {
  expect(hints({ expected: ['payments', 'payments'], requests: [receipt({}), receipt({})] })).toEqual([]);
  const other = { expected: ['payments', 'crm'], requests: [receipt({}), receipt({}), receipt({ upstream: 'crm' })] };
  expect(hints(other)).toEqual([expect.stringMatching(/^payments got POST \/v2\/refunds 2 times/)]);
});
