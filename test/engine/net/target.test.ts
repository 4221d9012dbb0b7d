import { expect, test } from 'vitest';
import { readTarget } from '../../../engine/net/target.ts';

test.each([
  ['http://a.test/x', 'a.test'],
  ['http://a.test:80/x', 'a.test:80'],
  ['http://a.test:/x', 'a.test:'],
  ['http://[::1]:/x', '[::1]:'],
  ['http://[::1]/x', '[::1]'],
])('as in Go, the Host header for %s is %s', (url, host) => {
  expect(readTarget(url).host).toBe(host);
});
