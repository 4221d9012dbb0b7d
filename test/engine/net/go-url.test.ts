import { expect, test } from 'vitest';
import { encodeQuery } from '../../../engine/net/go-escape.ts';
import { formatGoUrl, hostnameOf, parseGoUrl, portOf, requestUri } from '../../../engine/net/go-url.ts';
import { resolveUrl } from '../../../engine/net/resolve-url.ts';

// The expected values were recorded from Go's net/url.
test.each<string[]>([
  ['http://a', 'http://a', '/', 'a', '', '', 'http://a'],
  ['http://a/b/c?d#e', 'http://a/b/c?d#e', '/b/c?d', 'a', '', '../x', 'http://a/x'],
  ['http://a/b/c?d#e', 'http://a/b/c?d#e', '/b/c?d', 'a', '', '?q', 'http://a/b/c?q'],
  ['http://a/b/c?d#e', 'http://a/b/c?d#e', '/b/c?d', 'a', '', '#f', 'http://a/b/c?d#f'],
  ['http://a/b/c?d#e', 'http://a/b/c?d#e', '/b/c?d', 'a', '', '//o/x', 'http://o/x'],
  ['http://a/b/', 'http://a/b/', '/b/', 'a', '', 'http://o/a/../b', 'http://o/b'],
  ['http://a/b', 'http://a/b', '/b', 'a', '', '/x//y/./z/..', 'http://a/x//y/'],
  ['http://a/b', 'http://a/b', '/b', 'a', '', '../../..//z', 'http://a/z'],
  ['http://u:p@h:1/', 'http://u:p@h:1/', '/', 'h', '1', '/x', 'http://u:p@h:1/x'],
  ['http://u@h/', 'http://u@h/', '/', 'h', '', 'x', 'http://u@h/x'],
  ['http://:@h/', 'http://:@h/', '/', 'h', '', '', 'http://:@h/'],
  ['HTTP://H/X?', 'http://H/X?', '/X?', 'H', '', '', 'http://H/X'],
  ['http://[::1]:80/a', 'http://[::1]:80/a', '/a', '::1', '80', '', 'http://[::1]:80/a'],
  ['http://h:/', 'http://h:/', '/', 'h', '', '', 'http://h:/'],
  ['http:/x', 'http:/x', '/x', '', '', '', 'http:///x'],
  ['http:///x', 'http:///x', '/x', '', '', '', 'http:///x'],
  ['//h/x', '//h/x', '/x', 'h', '', '', '//h/x'],
  ['mailto:a@b', 'mailto:a@b', 'a@b', '', '', '', 'mailto:a@b'],
  ['http://h/a b"|^', 'http://h/a%20b%22%7C%5E', '/a%20b%22%7C%5E', 'h', '', 'é', 'http://h/%C3%A9'],
  ['http://h/a!b(c)*', 'http://h/a!b(c)*', '/a!b(c)*', 'h', '', '', 'http://h/a!b(c)*'],
  ['http://h/%2f!^', 'http://h//%21%5E', '//%21%5E', 'h', '', '', 'http://h//%21%5E'],
  ['http://é.test/?é#é', 'http://%C3%A9.test/?é#%C3%A9', '/?é', 'é.test', '', '', 'http://%C3%A9.test/?é#%C3%A9'],
  ['http://u%20s:p%40@h/', 'http://u%20s:p%40@h/', '/', 'h', '', '', 'http://u%20s:p%40@h/'],
  ['http://h?x', 'http://h?x', '/?x', 'h', '', '', 'http://h?x'],
  ['*', '*', '*', '', '', '', '/*'],
  ['foo/bar', 'foo/bar', 'foo/bar', '', '', '', '/foo/bar'],
  ['http://h/x', 'http://h/x', '/x', 'h', '', 'http://[', 'parse "http://[": missing \']\' in host'],
  ['http://h/x', 'http://h/x', '/x', 'h', '', '%zz', 'parse "%zz": invalid URL escape "%zz"'],
  ['a:b/c', 'a:b/c', 'b/c', '', '', '', 'a:b/c'],
])('%j is read and written like in Go', (text, written, uri, hostname, port, reference, resolved) => {
  const url = parseGoUrl(text);
  expect([formatGoUrl(url), requestUri(url), hostnameOf(url), portOf(url)]).toEqual([written, uri, hostname, port]);
  expect(orReason(() => formatGoUrl(resolveUrl(url, reference)))).toBe(resolved);
});

test.each([
  ['http://[::1/', 'parse "http://[::1/": missing \']\' in host'],
  ['http://a b/', 'parse "http://a b/": invalid character " " in host name'],
  ['http://h:x/', 'parse "http://h:x/": invalid port ":x" after host'],
  ['http://h/%zz', 'parse "http://h/%zz": invalid URL escape "%zz"'],
  ['http://h/#%zz', 'parse "http://h/#%zz": invalid URL escape "%zz"'],
  ['http://%41/', 'parse "http://%41/": invalid URL escape "%41"'],
  ['http://u s@h/', 'parse "http://u s@h/": net/url: invalid userinfo'],
  [':x', 'parse ":x": missing protocol scheme'],
  [' http://h', 'parse " http://h": first path segment in URL cannot contain colon'],
  ['http://h/\n', 'parse "http://h/\\n": net/url: invalid control character in URL'],
  ['1http://x', 'parse "1http://x": first path segment in URL cannot contain colon'],
])('refuses %j like Go', (text, reason) => {
  expect(() => parseGoUrl(text)).toThrow(new Error(reason));
});

function orReason<T>(action: () => T): T | string {
  try {
    return action();
  } catch (error) {
    return (error as Error).message;
  }
}

test('keeps the user and password out of tags, and the password out of errors', () => {
  const url = parseGoUrl('http://us%20er:p%40w@h/x');
  expect(formatGoUrl(url, 'masked')).toBe('http://****:****@h/x');
  expect(formatGoUrl(parseGoUrl('http://user@h/x'), 'masked')).toBe('http://****@h/x');
  expect(formatGoUrl(url, 'redacted')).toBe('http://us er:***@h/x');
});

test('encodes a form sorted by name, with the characters that Go escapes', () => {
  expect(encodeQuery(Object.entries({ b: "!'()", a: '~ *' }))).toBe('a=~+%2A&b=%21%27%28%29');
});
