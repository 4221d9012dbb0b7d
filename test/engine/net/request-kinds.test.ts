import { expect, test } from 'vitest';
import { RequestKinds, type RequestTraits } from '../../../engine/net/request-kinds.ts';

const TRAITS: RequestTraits = {
  tags: { kind: 'a' },
  method: 'GET',
  url: 'http://a/',
  name: '',
  status: 200,
  error: null,
  expected: true,
  proto: 'HTTP/1.1',
  tlsVersion: '',
  ip: '127.0.0.1',
};
const BASE = { scenario: 'default' };

/** Counts how often the cache had to create series. */
function countMade() {
  const kinds = new RequestKinds();
  let made = 0;
  const ask = (changes: Partial<RequestTraits> = {}, base = BASE) =>
    kinds.seriesOf(base, { ...TRAITS, ...changes }, () => {
      made += 1;
      return [];
    });
  return { ask, made: () => made };
}

test('similar requests share their series, although a script makes new tags for each', () => {
  const { ask, made } = countMade();
  expect(ask()).toBe(ask({ tags: { kind: 'a' } }));
  expect(made()).toBe(1);
});

test('requests with the same name share their series, whatever their URLs', () => {
  const { ask, made } = countMade();
  for (let number = 0; number < 1_000; number += 1) {
    ask({ name: 'one', url: `http://a/${number}` });
    ask({ tags: { name: 'two' }, url: `http://a/${number}` });
  }
  expect(made()).toBe(2);
});

test.each<Partial<RequestTraits>>([
  { method: 'POST' },
  { url: 'http://a/b' },
  { name: 'named' },
  { status: 204 },
  { error: { message: 'EOF', code: 1000 } },
  { expected: false },
  { expected: undefined },
  { tlsVersion: 'tls1.3' },
  { ip: '127.0.0.2' },
  { tags: {} },
  { tags: { kind: 'b' } },
  { tags: { kind: 'a', more: '' } },
])("a request that differs by %j doesn't share a series", (changes) => {
  const { ask, made } = countMade();
  expect(ask(changes)).not.toBe(ask());
  expect(ask(changes)).not.toBe(ask());
  expect(made()).toBe(2);
});

test("requests with different VU tags, or with ever new URLs, don't share a series", () => {
  const { ask, made } = countMade();
  ask();
  ask({}, { scenario: 'default' });
  expect(made()).toBe(2);
  for (let number = 0; number < 1_000; number += 1) ask({ url: `http://a/${number}` });
  ask();
  expect(made()).toBe(1_003);
});
