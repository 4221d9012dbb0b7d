import { expect, test } from 'vitest';
import { addressOf } from '../../../engine/net/hosts.ts';

const HOSTS = {
  '*': '127.0.0.1:1',
  '*test': '127.0.0.1:2',
  '*.test': '127.0.0.1:3',
  'a.test:443': '127.0.0.1:4',
  '*:443': '127.0.0.1:5',
  '*.a.test:80': '127.0.0.1:6',
};

// Recorded from k6 v2.2.0. `*` also matches a name with its port, which is looked up first.
test.each([
  ['a.test', 443, 4],
  ['b.test', 443, 5],
  ['1.2.3.4', 443, 5],
  ['b.a.test', 80, 6],
  ['B.A.test', 80, 6],
  ['[::1]', 80, 1],
  ['localhost', 3000, 1],
  ['a.test', 80, 1],
])('%s:%i is found under the pattern that k6 uses', (hostname, port, expected) => {
  expect(addressOf(HOSTS, hostname, port)).toEqual({ host: '127.0.0.1', port: expected });
});

test('keeps a host that no pattern matches', () => {
  expect(addressOf({ '*.test': '127.0.0.1' }, '[::1]', 80)).toEqual({ host: '::1', port: 80 });
});

test('prefers a name to a pattern, and a longer pattern to a shorter one', () => {
  const { '*': _, '*:443': __, ...hosts } = { ...HOSTS, 'c.test': '127.0.0.1:9' };
  expect(['c.test', 'd.test', 'dtest'].map((name) => addressOf(hosts, name, 80).port)).toEqual([9, 3, 2]);
});
