import { expect, test } from 'vitest';
import { written } from '../../../scenarios/lib/written.ts';

const slash = (path: string) => `${path}/`;

test.each([
  ['/answers', {}, '/answers'],
  ['/answers', { query: 'n=1' }, '/answers?n=1'],
  ['/answers', { query: '' }, '/answers?'],
  ['/answers', { path: slash }, '/answers/'],
  ['/answers?id=q', {}, '/answers?id=q'],
  ['/go?to=/x?y=1', { query: 'n=1' }, '/go?to=/x?y=1&n=1'],
  ['/answers?id=q', { query: 'n=1' }, '/answers?id=q&n=1'],
  ['/answers?id=q', { path: slash }, '/answers/?id=q'],
  ['/answers?id=q', { path: (path: string) => path.toUpperCase(), query: 'n=1' }, '/ANSWERS?id=q&n=1'],
])('%s with %o is requested as %s', (path, spelling, expected) => {
  expect(written(path, spelling)).toBe(expected);
});
