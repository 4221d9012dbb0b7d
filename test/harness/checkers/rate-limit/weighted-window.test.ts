import { expect, test } from 'vitest';
import { roomIn } from '../../../../harness/checkers/rate-limit/weighted-window.ts';
import { request } from '../../../support/history.ts';

/** T0 is the beginning of a window. */
const LIMIT = { max: 10, lengthMs: 1_000 };

/** A request that takes 10 ms. */
const allowed = (after: number) => request(after, 10, 200, {});
const refused = (after: number) => request(after, 10, 429, {});

test('a request that was refused leaves room, and one that may have been allowed takes it', () => {
  const one = refused(500);
  expect(roomIn(LIMIT, [one]).least(one)).toBe(10);
  expect(roomIn(LIMIT, [one, refused(400)]).least(one)).toBe(10);
  expect(roomIn(LIMIT, [one, allowed(400)]).least(one)).toBe(9);
  expect(roomIn(LIMIT, [one, request(400, 10, 0, {})]).least(one)).toBe(9);
});

test('a request may have been counted before all that were not sent after its answer', () => {
  const one = refused(500);
  expect(roomIn(LIMIT, [one, allowed(510)]).least(one)).toBe(9);
  expect(roomIn(LIMIT, [one, allowed(511)]).least(one)).toBe(10);
});

test('a request that may have been counted in the previous window may also have been counted in this one', () => {
  const one = refused(1_500);
  expect(roomIn(LIMIT, [one, request(990, 20, 200, {})]).least(one)).toBeLessThan(9);
  // The previous window counts with the share that it has when a request arrives, 25 ms earlier at most.
  expect(roomIn(LIMIT, [one, allowed(500)]).least(one)).toBeCloseTo(10 - 0.525);
});

test('an allowed request certainly came after those that were answered by then, in the same window', () => {
  const one = allowed(500);
  expect(roomIn(LIMIT, [one]).most(one)).toBe(10);
  expect(roomIn(LIMIT, [one, request(490, 20, 200, {})]).most(one)).toBe(9);
  expect(roomIn(LIMIT, [one, request(490, 21, 200, {})]).most(one)).toBe(10);
  expect(roomIn(LIMIT, [one, request(10, 400, 200, {})]).most(one)).toBe(10);
});

test('a request at the boundary of two windows belongs to the one with more room, or with less', () => {
  const full = Array.from({ length: 10 }, () => allowed(100));
  const one = allowed(995);
  // In the next window, nearly all of the previous one counts, rounded down.
  expect(roomIn(LIMIT, [...full, one]).most(one)).toBe(1);
  // It may have been counted in either of them.
  expect(roomIn(LIMIT, [...full, one]).least(refused(995))).toBe(-2);
});
