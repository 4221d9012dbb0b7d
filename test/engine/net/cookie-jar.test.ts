import { expect, test } from 'vitest';
import { CookieJar } from '../../../engine/net/cookie-jar.ts';

test('a cookie may have the name of a method of all objects', () => {
  const jar = new CookieJar();
  jar.set('http://h/', 'constructor', 'one');
  expect(jar.cookiesForURL('http://h/')).toEqual({ constructor: ['one'] });
});
