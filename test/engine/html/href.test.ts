import { expect, test } from 'vitest';
import { resolveHref } from '../../../engine/html/href.ts';

test.each([
  ['../x y', 'http://h/x%20y'],
  ['', 'http://h/a/b?q#f'],
  ['http://h/a/../b', 'http://h/b'],
  ['%zz', '%zz'],
])('the href %j is resolved against its page as Go does', (reference, expected) => {
  expect(resolveHref('http://h/a/b?q#f', reference)).toBe(expected);
});
