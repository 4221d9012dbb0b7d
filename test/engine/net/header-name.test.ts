import { expect, test } from 'vitest';
import { canonicalHeaderName } from '../../../engine/net/header-name.ts';

test.each([
  ['content-type', 'Content-Type'],
  ['X-MIXED-case', 'X-Mixed-Case'],
  ['etag', 'Etag'],
])('the header %s is %s', (name, canonical) => {
  expect(canonicalHeaderName(name)).toBe(canonical);
});
