// Makes requests in unusual ways. Logs the outcome and the warning for each of them.
import http, { type RefinedResponse } from 'k6/http';

const HOST = __ENV.HOST as string;
const AT = `http://${HOST}`;

/** Allows arguments that the types don't permit. */
const loose = (action: unknown) => action as (...args: unknown[]) => unknown;

type Ask = () => unknown;

const text = (value: unknown): string =>
  JSON.stringify(value, (_, part) =>
    part && typeof part === 'object' && !Array.isArray(part)
      ? Object.fromEntries(
          Object.keys(part)
            .sort()
            .map((name) => [name, part[name]]),
        )
      : part,
  );

function seen(response: RefinedResponse<'text'>): unknown {
  const { status, error_code, error, url, request } = response;
  const sent = request && { ...request, headers: { ...request.headers, 'User-Agent': undefined } };
  let body: unknown = response.body;
  try {
    body = JSON.parse(response.body);
  } catch {}
  return { status, error_code, error, url, body, request: sent };
}

const CASES: [string, Ask][] = [
  ['a text for parameters', () => http.get(`${AT}/x`, '' as never)],
  ['a number for parameters', () => http.get(`${AT}/x`, 5 as never)],
  ['three arguments', () => loose(http.get)(`${AT}/x`, {}, 5)],
  ['no end of a bracket', () => http.get('http://[::1/')],
  ['no scheme', () => http.get('foo/bar')],
  ['an empty URL', () => http.get('')],
  ['undefined', () => http.get(undefined as never)],
  ['a number', () => http.get(12 as never)],
  ['an object', () => http.get({ a: 1, b: [true, null] } as never)],
  ['a blank in the host', () => http.get('http://127.0.0.1 :1/')],
  ['no escape', () => http.get(`${AT}/%zz`)],
  ['no port', () => http.get('http://127.0.0.1:abc/')],
  ['a port too high', () => http.get('http://127.0.0.1:99999/')],
  ['another scheme', () => http.get('ftp://127.0.0.1/')],
  ['no host', () => http.get('http:///x')],
  ['a line end', () => http.get(`${AT}/\n`)],
  ['a blank before it', () => http.get(` ${AT}/`)],
  ['a scheme in capitals', () => http.get(`HTTP://${HOST}/Up?q#frag`)],
  ['no path', () => http.get(AT)],
  ['no path, but a query', () => http.get(`${AT}?x=1`)],
  ['an empty query', () => http.get(`${AT}/x?`)],
  ['dots', () => http.get(`${AT}/a/../b/./c//d%2Fe`)],
  ['characters that are escaped', () => http.get(`${AT}/a b"<>|^\`{}\\é`)],
  ['a number as body', () => http.post(`${AT}/x`, 5 as never)],
  ['true as body', () => http.post(`${AT}/x`, true as never)],
  ['an array as body', () => http.post(`${AT}/x`, [1, 2] as never)],
  ['a date as body', () => http.post(`${AT}/x`, new Date(0) as never)],
  ['bytes as body', () => http.post(`${AT}/x`, new Uint8Array([65, 66]) as never)],
  ['numbers of two bytes as body', () => http.post(`${AT}/x`, new Uint16Array([65]) as never)],
  ['a form', () => http.post(`${AT}/x`, { b: [1, 2.5], c: null, d: true, e: { y: [1, 'z'], x: 1e-5 } } as never)],
  ['a method in small letters', () => http.request('get', `${AT}/x`)],
  ['an empty method', () => http.request('', `${AT}/x`)],
  ['a method that is none', () => http.request('G T', `${AT}/x`)],
  ['a name of a header that is none', () => http.get(`${AT}/x`, { headers: { 'a b': 'c' } })],
  ['a value of a header that is none', () => http.get(`${AT}/x`, { headers: { a: 'c\nd' } })],
  ['a wrong length', () => http.post(`${AT}/x`, 'abc', { headers: { 'content-length': '5' } })],
  ['an empty body', () => http.post(`${AT}/x`, '')],
  ['an empty form', () => http.put(`${AT}/x`, {})],
  ['an empty body of a DELETE', () => http.del(`${AT}/x`, '')],
  ['minus zero', () => http.post(`${AT}/x`, { a: -0, b: [] } as never)],
  ['undefined for a timeout', () => http.get(`${AT}/x`, { timeout: undefined as never }).status],
  ['undefined for redirects', () => http.get(`${AT}/redirect?to=/x`, { redirects: undefined as never }).status],
  ['a callback that is none', () => http.get(`${AT}/x`, { responseCallback: 5 as never }).status],
  ['a tag that is none', () => http.get(`${AT}/x`, { tags: { a: {} } as never }).status],
  ['a timeout that is none', () => http.get(`${AT}/x`, { timeout: 'soon' }).status],
  ['a connection that ends', () => http.post(`${AT}/drop`)],
  ['no answer in time', () => http.get(`${AT}/hang`, { timeout: 100 })],
  ['a body that is cut', () => http.get(`${AT}/cut`)],
  ['a body that is no gzip', () => http.get(`${AT}/no-gzip`)],
  ['nobody listens', () => http.get('http://127.0.0.1:1/p?x#f')],
  ['user and password', () => http.get(`http://us%20er:p%40w@${HOST}/p`)],
  ['a user', () => http.get(`http://user@${HOST}/p`)],
  ['an empty user', () => http.get(`http://:@${HOST}/p`)],
  ['a user, and a header', () => http.get(`http://u:p@${HOST}/p`, { headers: { authorization: 'X' } })],
  ['a user, and an empty header', () => http.get(`http://u:p@${HOST}/p`, { headers: { authorization: '' } })],
  ['a user with a blank', () => http.get(`http://us er:pw@${HOST}/p`)],
  ['a password in an error', () => http.get('http://us%20er:p%40w@127.0.0.1:1/p')],
  ['auth: basic', () => http.get(`http://u:p@${HOST}/p`, { auth: 'basic' })],
  ['auth: digest, not asked for', () => http.get(`http://u:p@${HOST}/p`, { auth: 'digest' })],
  ['a redirect keeps the user', () => http.get(`http://u:p@${HOST}/redirect?to=/x`)],
  [
    'another host does not hear of it',
    () => http.get(`http://u:p@${HOST}/redirect?to=http://localhost:${HOST.split(':')[1]}/x`),
  ],
  ['a redirect to a user', () => http.get(`${AT}/redirect?to=${encodeURIComponent(`http://u:p@${HOST}/x`)}`)],
  ['a redirect of a POST', () => http.post(`${AT}/redirect?to=/x`, 'b', { headers: { 'content-type': 'a/b' } })],
  [
    'headers for one host',
    () =>
      http.get(`${AT}/redirect?to=http://localhost:${HOST.split(':')[1]}/x`, {
        headers: { authorization: 'Z', cookie: 'a=b', host: 'foo', referer: 'ref' },
      }),
  ],
  ['a host of its own, sent on', () => http.get(`${AT}/redirect?to=/x`, { headers: { host: 'foo' } })],
  ['a redirect to no URL', () => http.get(`${AT}/redirect?to=${encodeURIComponent('http://[::1/')}`)],
  ['a redirect to another scheme', () => http.get(`${AT}/redirect?to=${encodeURIComponent('ftp://x/')}`)],
  ['a redirect to nobody', () => http.post(`${AT}/redirect?to=${encodeURIComponent('http://127.0.0.1:1/')}`, 'x')],
  ['redirects without end', () => http.get(`${AT}/redirect?to=${encodeURIComponent('?to=')}`, { redirects: 0 })],
  [
    'compressed, with a header',
    () =>
      http.post(`${AT}/x`, 'abc', { compression: 'gzip', headers: { 'content-encoding': 'br' } }).request.headers[
        'Content-Encoding'
      ],
  ],
  ['compressed by nothing there is', () => http.post(`${AT}/x`, 'abc', { compression: 'gzip, lzw' as never })],
  [
    'a batch with one that is none',
    () =>
      http
        .batch([['GET', `${AT}/x`], ['POST', `${AT}/x`, 5 as never], `${AT}/y`])
        .map((response) => response && seen(response)),
  ],
  ['a batch of nothing', () => loose(http.batch)()],
  ['a batch of a text', () => loose(http.batch)('x')],
  ['throw', () => http.get('http://127.0.0.1:1/', { throw: true } as never)],
  ['throw, and no URL', () => http.get('http://[::1/', { throw: true } as never)],
  ['a template', () => http.get(http.url`http://u:p@${HOST}/x`).url],
  ['a template that is none', () => http.get(http.url`http://[::1/${1}`)],
  ['JSON of what is none', () => http.get(`${AT}/html`).json('a.b') ?? 'undefined'],
  ['JSON of a refused request', () => http.get('http://[::1/').json('a.b') ?? 'undefined'],
];

export default function () {
  for (const [name, ask] of CASES) {
    try {
      const response = ask() as RefinedResponse<'text'>;
      console.log(`${name}: ${text(response?.timings ? seen(response) : response)}`);
    } catch (error) {
      console.log(`${name}: threw ${error}`);
    }
  }
}
