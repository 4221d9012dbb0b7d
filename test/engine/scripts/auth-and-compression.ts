// Tests authentication and body compression.
import http from 'k6/http';

const HOST = __ENV.HOST as string;
const AT = `http://${HOST}`;
const digest = { auth: 'digest' } as const;
const challenge = (text: string) => `http://u:p@${HOST}/digest?challenge=${encodeURIComponent(text)}`;

export const options = {
  thresholds: { 'http_req_failed{answer:refused}': ['rate<1'], 'http_reqs{answer:refused}': ['count>0'] },
};

const tell = (what: string, ask: () => unknown) => {
  try {
    console.log(`${what}: ${JSON.stringify(ask())}`);
  } catch (error) {
    console.log(`${what}: threw ${error}`);
  }
};

/** Returns the parts of a digest that are the same in every run. */
function parts(header: string): string[] {
  return header
    .replace(/^Digest /, '')
    .split(', ')
    .map((part) => part.replace(/^(cnonce|response)=.*/, '$1'))
    .sort();
}

const digested = (url: string, method = 'GET', body?: string) => {
  const response = http.request(method, url, body, digest);
  if (response.status !== 200) return [response.status, response.url, response.body];
  const echo = JSON.parse(response.body as string);
  return [response.url, parts(echo.headers.authorization), echo.method, echo.body];
};

export default function () {
  tell('digest', () => digested(`http://u:p@${HOST}/digest`));
  tell('digest of a POST', () => digested(`http://u:p@${HOST}/digest?a=1`, 'POST', 'body'));
  tell('digest without a user', () => digested(`${AT}/digest`));
  tell('digest with escapes', () => digested(`http://u%3A:p%40@${HOST}/digest`));
  tell('without ways', () => digested(challenge('Digest realm="lab", nonce="abc"')));
  tell('auth-int', () => digested(challenge('Digest realm="lab", nonce="abc", qop="auth-int"')));
  tell('two ways', () => digested(challenge('Digest realm="lab", nonce="abc", qop="auth,auth-int"')));
  tell('another hash', () => digested(challenge('Digest realm="lab", nonce="abc", algorithm=SHA-256')));
  tell('no digest asked for', () => http.get(`http://u:p@${HOST}/digest`).status);
  tell('basic', () => http.get(`http://u:p@${HOST}/digest`, { auth: 'basic' }).status);
  tell(
    'never accepted',
    () => http.get(`http://u:p@${HOST}/refused`, { ...digest, tags: { answer: 'refused' } }).status,
  );
  tell('followed', () => digested(`http://u:p@${HOST}/redirect?to=/digest`));

  for (const compression of ['gzip', 'deflate', 'br', 'zstd', ' gzip , br', 'deflate,zstd', ''])
    tell(`compression ${compression}`, () =>
      http.post(`${AT}/decoded`, 'a body, a body', { compression } as never).json(),
    );
  tell('a form', () => http.post(`${AT}/decoded`, { a: 'b' }, { compression: 'gzip' }).json());
  tell('an empty body', () => http.post(`${AT}/decoded`, '', { compression: 'gzip' }).json());
  tell('no body', () => http.post(`${AT}/decoded`, null, { compression: 'gzip' }).json());
  tell('null', () => http.post(`${AT}/decoded`, 'x', { compression: null } as never).status);
  const { headers, body } = http.post(`${AT}/decoded`, 'abc', { compression: 'gzip' }).request;
  tell('as the request has it', () => [headers['Content-Encoding'], headers['Content-Length'], body]);
  tell('its own header', () =>
    http.post(`${AT}/decoded`, 'x', { compression: 'gzip', headers: { 'Content-Encoding': 'gzip' } }).json(),
  );
}
