import { expect, test } from 'vitest';
import { uniqueTextsIn } from '../../../faults/receipts/unique-texts.ts';

const ONE = `1-12-${Date.now().toString(36)}`;
const OTHER = `250-3-${Date.now().toString(36)}`;

test('finds the unique texts of calls in a path and a body, each once', () => {
  const body = Buffer.from(JSON.stringify({ user: `user-${ONE}`, text: `${OTHER}, ${ONE}?` }));
  expect(uniqueTextsIn(`/users/u-${OTHER}?id=${ONE}`, body)).toEqual([OTHER, ONE]);
  expect(uniqueTextsIn(`/users/user%3A${ONE}`, undefined)).toEqual([ONE]);
});

test('finds a text that is the beginning of another one', () => {
  const body = Buffer.from(JSON.stringify({ user: `user-${ONE.slice(0, -1)}`, text: ONE }));
  expect(uniqueTextsIn('/', body)).toEqual([ONE.slice(0, -1), ONE]);
});

test('finds none in dates, other numbers and UUIDs', () => {
  const body = Buffer.from(
    `2026-11-29T10:00:00Z 1234-5678 ${'7'.repeat(100_000)} 6ba7b810-9dad-11d1-80b4-00c04fd430c8`,
  );
  expect(uniqueTextsIn('/', body)).toEqual([]);
});

test('keeps at most 20: the first and the last ones', () => {
  const texts = Array.from({ length: 30 }, (_, index) => `1-${index}-${Date.now().toString(36)}`);
  const kept = [...texts.slice(0, 4), ...texts.slice(-16)];
  expect(uniqueTextsIn('/', Buffer.from(texts.join(' ')))).toEqual(kept);
});

test('finds them at both ends of a long body', () => {
  const long = 'x'.repeat(100_000);
  expect(uniqueTextsIn('/', Buffer.from(`${ONE} ${long} ${OTHER}`))).toEqual([ONE, OTHER]);
  expect(uniqueTextsIn('/', Buffer.from(`${long} ${ONE} ${long}`))).toEqual([]);
});
