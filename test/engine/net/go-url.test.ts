import { expect, it } from 'vitest';
import { encodeQuery } from '../../../engine/net/go-escape.ts';
import { formatGoUrl, hostnameOf, parseGoUrl, portOf, requestUri } from '../../../engine/net/go-url.ts';
import { resolveUrl } from '../../../engine/net/resolve-url.ts';

// The expected values were recorded from Go's net/url.
it.each<[string, string, object]>([
  ['http://a', '', { text: 'http://a', uri: '/', hostname: 'a', port: '', resolved: 'http://a' }],
  [
    'http://a/b/c?d#e',
    '../x',
    { text: 'http://a/b/c?d#e', uri: '/b/c?d', hostname: 'a', port: '', resolved: 'http://a/x' },
  ],
  [
    'http://a/b/c?d#e',
    '?q',
    { text: 'http://a/b/c?d#e', uri: '/b/c?d', hostname: 'a', port: '', resolved: 'http://a/b/c?q' },
  ],
  [
    'http://a/b/c?d#e',
    '#f',
    { text: 'http://a/b/c?d#e', uri: '/b/c?d', hostname: 'a', port: '', resolved: 'http://a/b/c?d#f' },
  ],
  [
    'http://a/b/c?d#e',
    '//o/x',
    { text: 'http://a/b/c?d#e', uri: '/b/c?d', hostname: 'a', port: '', resolved: 'http://o/x' },
  ],
  [
    'http://a/b/',
    'http://o/a/../b',
    { text: 'http://a/b/', uri: '/b/', hostname: 'a', port: '', resolved: 'http://o/b' },
  ],
  [
    'http://a/b',
    '/x//y/./z/..',
    { text: 'http://a/b', uri: '/b', hostname: 'a', port: '', resolved: 'http://a/x//y/' },
  ],
  ['http://a/b', '../../..//z', { text: 'http://a/b', uri: '/b', hostname: 'a', port: '', resolved: 'http://a/z' }],
  [
    'http://u:p@h:1/',
    '/x',
    { text: 'http://u:p@h:1/', uri: '/', hostname: 'h', port: '1', resolved: 'http://u:p@h:1/x' },
  ],
  ['http://u@h/', 'x', { text: 'http://u@h/', uri: '/', hostname: 'h', port: '', resolved: 'http://u@h/x' }],
  ['http://:@h/', '', { text: 'http://:@h/', uri: '/', hostname: 'h', port: '', resolved: 'http://:@h/' }],
  ['HTTP://H/X?', '', { text: 'http://H/X?', uri: '/X?', hostname: 'H', port: '', resolved: 'http://H/X' }],
  [
    'http://[::1]:80/a',
    '',
    { text: 'http://[::1]:80/a', uri: '/a', hostname: '::1', port: '80', resolved: 'http://[::1]:80/a' },
  ],
  ['http://h:/', '', { text: 'http://h:/', uri: '/', hostname: 'h', port: '', resolved: 'http://h:/' }],
  ['http:/x', '', { text: 'http:/x', uri: '/x', hostname: '', port: '', resolved: 'http:///x' }],
  ['http:///x', '', { text: 'http:///x', uri: '/x', hostname: '', port: '', resolved: 'http:///x' }],
  ['//h/x', '', { text: '//h/x', uri: '/x', hostname: 'h', port: '', resolved: '//h/x' }],
  ['mailto:a@b', '', { text: 'mailto:a@b', uri: 'a@b', hostname: '', port: '', resolved: 'mailto:a@b' }],
  [
    'http://h/a b"|^',
    'é',
    { text: 'http://h/a%20b%22%7C%5E', uri: '/a%20b%22%7C%5E', hostname: 'h', port: '', resolved: 'http://h/%C3%A9' },
  ],
  [
    'http://h/a!b(c)*',
    '',
    { text: 'http://h/a!b(c)*', uri: '/a!b(c)*', hostname: 'h', port: '', resolved: 'http://h/a!b(c)*' },
  ],
  [
    'http://h/%2f!^',
    '',
    { text: 'http://h//%21%5E', uri: '//%21%5E', hostname: 'h', port: '', resolved: 'http://h//%21%5E' },
  ],
  [
    'http://é.test/?é#é',
    '',
    {
      text: 'http://%C3%A9.test/?é#%C3%A9',
      uri: '/?é',
      hostname: 'é.test',
      port: '',
      resolved: 'http://%C3%A9.test/?é#%C3%A9',
    },
  ],
  [
    'http://u%20s:p%40@h/',
    '',
    { text: 'http://u%20s:p%40@h/', uri: '/', hostname: 'h', port: '', resolved: 'http://u%20s:p%40@h/' },
  ],
  ['http://h?x', '', { text: 'http://h?x', uri: '/?x', hostname: 'h', port: '', resolved: 'http://h?x' }],
  ['*', '', { text: '*', uri: '*', hostname: '', port: '', resolved: '/*' }],
  ['foo/bar', '', { text: 'foo/bar', uri: 'foo/bar', hostname: '', port: '', resolved: '/foo/bar' }],
  [
    'http://h/x',
    'http://[',
    { text: 'http://h/x', uri: '/x', hostname: 'h', port: '', resolved: 'parse "http://[": missing \']\' in host' },
  ],
  [
    'http://h/x',
    '%zz',
    { text: 'http://h/x', uri: '/x', hostname: 'h', port: '', resolved: 'parse "%zz": invalid URL escape "%zz"' },
  ],
  ['http://[::1/', '', { error: 'parse "http://[::1/": missing \']\' in host' }],
  ['http://a b/', '', { error: 'parse "http://a b/": invalid character " " in host name' }],
  ['http://h:x/', '', { error: 'parse "http://h:x/": invalid port ":x" after host' }],
  ['http://h/%zz', '', { error: 'parse "http://h/%zz": invalid URL escape "%zz"' }],
  ['http://h/#%zz', '', { error: 'parse "http://h/#%zz": invalid URL escape "%zz"' }],
  ['http://%41/', '', { error: 'parse "http://%41/": invalid URL escape "%41"' }],
  ['http://u s@h/', '', { error: 'parse "http://u s@h/": net/url: invalid userinfo' }],
  [':x', '', { error: 'parse ":x": missing protocol scheme' }],
  ['a:b/c', '', { text: 'a:b/c', uri: 'b/c', hostname: '', port: '', resolved: 'a:b/c' }],
  [' http://h', '', { error: 'parse " http://h": first path segment in URL cannot contain colon' }],
  ['http://h/\n', '', { error: 'parse "http://h/\\n": net/url: invalid control character in URL' }],
  ['1http://x', '', { error: 'parse "1http://x": first path segment in URL cannot contain colon' }],
])('parses %j and resolves %j like Go', (text, reference, expected) => {
  const seen = () => {
    const url = parseGoUrl(text);
    const resolved = () => formatGoUrl(resolveUrl(url, reference));
    return {
      text: formatGoUrl(url),
      uri: requestUri(url),
      hostname: hostnameOf(url),
      port: portOf(url),
      resolved: orReason(resolved),
    };
  };
  expect(orReason(seen)).toEqual('error' in expected ? expected.error : expected);
});

function orReason<T>(action: () => T): T | string {
  try {
    return action();
  } catch (error) {
    return (error as Error).message;
  }
}

it('keeps the user and password out of tags, and the password out of errors', () => {
  const url = parseGoUrl('http://us%20er:p%40w@h/x');
  expect(formatGoUrl(url, 'masked')).toBe('http://****:****@h/x');
  expect(formatGoUrl(parseGoUrl('http://user@h/x'), 'masked')).toBe('http://****@h/x');
  expect(formatGoUrl(url, 'redacted')).toBe('http://us er:***@h/x');
});

it('encodes a form sorted by name, with the characters that Go escapes', () => {
  expect(encodeQuery(Object.entries({ b: "!'()", a: '~ *' }))).toBe('a=~+%2A&b=%21%27%28%29');
});
