// Uses cookies with unusual values, dates, domains and paths. Logs the headers sent and the contents of the jar.
import http from 'k6/http';

const HOST = __ENV.HOST as string;
const PORT = HOST.split(':')[1];
const AT = `http://${HOST}`;
const PAST = 'Thu, 01 Jan 1970 00:00:00 GMT';
const FUTURE = 'Fri, 31 Dec 2100 23:59:59 GMT';

const sent = (url: string, params: object = {}): string[] => {
  const header = JSON.parse(http.get(url, params).body as string).headers.cookie ?? '';
  return header.split('; ').filter(Boolean).sort();
};
const lines = (value: object): string => JSON.stringify(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)));

/** Sets cookies through a response to one path, and logs the cookies that are sent to other paths. */
function kept(path: string, cookies: string[], ...paths: string[]): void {
  const query = cookies.map((cookie) => `set=${encodeURIComponent(cookie)}`).join('&');
  const response = http.get(`${AT}/cookies?${query}`);
  console.log(`answer ${path}: ${lines(response.cookies)}`);
  for (const other of paths) console.log(`to ${other}: ${JSON.stringify(sent(other.replace('AT', AT)))}`);
}

const VALUES = [
  'a b',
  'a,b',
  'a;b',
  'a"b',
  '"ab"',
  '"a b"',
  'a\\b',
  'é',
  'a=b',
  '',
  ' ',
  'tab\there',
  'nul\0',
  '{"a":1}',
  'a%20b',
  'üöx y',
];

export const options = { hosts: { 'shop.test': '127.0.0.1', 'www.shop.test': '127.0.0.1', 'other.test': '127.0.0.1' } };

export default function () {
  for (const value of VALUES) {
    console.log(`params ${JSON.stringify(value)}: ${JSON.stringify(sent(`${AT}/x`, { cookies: { c: value } }))}`);
    const jar = new http.CookieJar();
    jar.set(`${AT}/x`, 'c', value);
    console.log(`jar ${lines(jar.cookiesForURL(`${AT}/x`))} ${JSON.stringify(sent(`${AT}/x`, { jar }))}`);
  }
  for (const cookies of [
    { c: null },
    { c: undefined },
    { c: 5 },
    { c: ['a', 'b'] },
    { c: { value: 'v' } },
    { c: { Value: 'v', REPLACE: true } },
    { c: {} },
    { 'a b': 'c' },
    { 'a=b': 'c' },
    { 'a\nb': 'c' },
  ])
    console.log(`cookies ${lines(cookies)}: ${JSON.stringify(sent(`${AT}/x`, { cookies }))}`);
  console.log(`a header too: ${JSON.stringify(sent(`${AT}/x`, { headers: { cookie: 'h=1' }, cookies: { c: 'v' } }))}`);
  const response = http.get(`${AT}/x`, { headers: { cookie: 'h=1; bad name=2; q="x y"' }, cookies: { c: 'v' } });
  console.log(`as the request has it: ${lines(response.request.cookies)}`);

  for (const value of VALUES)
    kept(`value ${JSON.stringify(value)}`, [`c=${value.replace(/[^\x20-\x7e]/g, '')}`], 'AT/x');
  kept('names', ['=x', 'novalue', 'a b=c', 'ok=1', ' sp = x '], 'AT/x');
  kept(
    'ages',
    [
      'a=1; max-age=100',
      'b=1; Max-Age=0',
      'c=1; max-age=-5',
      'd=1; max-age=soon',
      'e=1; max-age=007',
      `f=1; max-age=100; expires=${PAST}`,
    ],
    'AT/x',
  );
  kept(
    'dates',
    [
      `a=1; expires=${FUTURE}`,
      `b=1; expires=${PAST}`,
      'c=1; expires=soon',
      'd=1; Expires=Fri, 31-Dec-2100 23:59:59 GMT',
      'e=1; expires=Fri 31 Dec 2100',
      'f=1; expires=31 Dec 2100 23:59:59 GMT',
      'g=1; expires=Fri, 31 Feb 2100 23:59:59 GMT',
      'h=1; expires=fri, 31 dec 2100 23:59:59 GMT',
    ],
    'AT/x',
  );
  kept('deleted', [`a=; expires=${PAST}`, 'd=; max-age=0'], 'AT/x');
  kept(
    'flags',
    [
      'a=1; Secure',
      'b=1; HttpOnly; SameSite=Strict',
      'c=1; path=/x',
      'e=1; path=/y',
      'f=1; path=x',
      'g=1; domain=127.0.0.1',
      'h=1; domain=.127.0.0.1',
      'i=1; domain=other.test',
      'j="q v"; path=/x',
    ],
    'AT/x',
    'AT/x/y',
    'AT/xy',
    'AT/%78',
    'AT/y/z',
    `http://localhost:${PORT}/x`,
  );

  const jar = http.cookieJar();
  const tell = (what: string, f: () => unknown) => {
    try {
      console.log(`${what}: ${JSON.stringify(f())}`);
    } catch (error) {
      console.log(`${what}: threw ${error}`);
    }
  };
  const shop = 'http://shop.test/a/b';
  tell('set', () => jar.set(shop, 'plain', '1'));
  tell('domain', () => jar.set(shop, 'all', '1', { domain: 'shop.test', path: '/' }));
  tell('dotted', () => jar.set(shop, 'dot', '1', { Domain: '.SHOP.test', PATH: '/' } as never));
  tell('above', () => jar.set('http://www.shop.test/', 'up', '1', { domain: 'shop.test' }));
  tell('a suffix', () => jar.set(shop, 'tld', '1', { domain: 'test' }));
  tell('foreign', () => jar.set(shop, 'foreign', '1', { domain: 'other.test' }));
  tell('secure', () => jar.set(shop, 'secure', '1', { secure: true, path: '/' }));
  tell('expired', () => jar.set(shop, 'old', '1', { expires: PAST }));
  tell('to come', () => jar.set(shop, 'new', '1', { expires: FUTURE, path: '/' }));
  tell('no date', () => jar.set(shop, 'none', '1', { expires: '' }));
  tell('age', () => jar.set(shop, 'age', '1', { max_age: 100, path: '/' }));
  tell('no age', () => jar.set(shop, 'noage', '1', { max_age: 0 }));
  tell('gone', () => jar.set(shop, 'age', '1', { max_age: -1, path: '/' }));
  tell('a number', () => jar.set(shop, 'number', 5 as never));
  tell('null', () => jar.set(shop, 'null', null as never));
  tell('another scheme', () => jar.set('ftp://shop.test/', 'ftp', '1'));
  tell('no URL', () => jar.set('http://[::1/', 'bad', '1'));
  for (const url of [
    shop,
    'http://shop.test/a',
    'http://shop.test/a/',
    'http://shop.test/ab',
    'https://shop.test/a/b',
    'http://www.shop.test/',
    'http://other.test/',
    'http://SHOP.test./a/x',
  ])
    tell(`for ${url}`, () => Object.keys(jar.cookiesForURL(url)).sort());
  tell('sent', () => sent(`http://shop.test:${PORT}/a/b`));
  tell('delete elsewhere', () => jar.delete('http://shop.test/', 'plain'));
  tell('still there', () => Object.keys(jar.cookiesForURL(shop)).sort());
  tell('delete', () => jar.delete(shop, 'plain'));
  tell('no name', () => jar.delete(shop, ''));
  tell('clear', () => jar.clear(shop));
  tell('left', () => Object.keys(jar.cookiesForURL(shop)).sort());
  tell('clear the root', () => jar.clear('http://shop.test/'));
  tell('nothing but domains', () => Object.keys(jar.cookiesForURL(shop)).sort());
}
