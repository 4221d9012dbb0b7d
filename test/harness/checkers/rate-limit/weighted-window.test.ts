import { expect, test } from 'vitest';
import { roomIn } from '../../../../harness/checkers/rate-limit/weighted-window.ts';
import { request } from '../../../support/history.ts';

/** T0 is the beginning of a window. */
const LIMIT = { max: 10, lengthMs: 1_000 };

/** A request that takes 10 ms. */
const allowed = (after: number) => request(after, 10, 200, {});
const refused = (after: number) => request(after, 10, 429, {});

test('a request that was refused leaves room, and one that may have been allowed takes it', () => {
  const sample = refused(500);
  expect(roomIn(LIMIT, [sample]).least(sample)).toBe(10);
  expect(roomIn(LIMIT, [sample, refused(400)]).least(sample)).toBe(10);
  expect(roomIn(LIMIT, [sample, allowed(400)]).least(sample)).toBe(9);
  expect(roomIn(LIMIT, [sample, request(400, 10, 0, {})]).least(sample)).toBe(9);
});

test('a request may have been counted before all that were not sent after its answer', () => {
  const sample = refused(500);
  expect(roomIn(LIMIT, [sample, allowed(510)]).least(sample)).toBe(9);
  expect(roomIn(LIMIT, [sample, allowed(511)]).least(sample)).toBe(10);
});

test('a request that may have been counted in the previous window may also have been counted in this one', () => {
  const sample = refused(1_500);
  expect(roomIn(LIMIT, [sample, request(990, 20, 200, {})]).least(sample)).toBeLessThan(9);
  // The previous window counts with the share that it has when a request arrives, 25 ms earlier at most.
  expect(roomIn(LIMIT, [sample, allowed(500)]).least(sample)).toBeCloseTo(10 - 0.525);
});

test('an allowed request certainly came after those that were answered by then, in the same window', () => {
  const sample = allowed(500);
  expect(roomIn(LIMIT, [sample]).most(sample)).toBe(10);
  expect(roomIn(LIMIT, [sample, request(490, 20, 200, {})]).most(sample)).toBe(9);
  expect(roomIn(LIMIT, [sample, request(490, 21, 200, {})]).most(sample)).toBe(10);
  expect(roomIn(LIMIT, [sample, request(10, 400, 200, {})]).most(sample)).toBe(10);
});

test('a request at the boundary of two windows belongs to the one with more room, or with less', () => {
  const full = Array.from({ length: 10 }, () => allowed(100));
  const sample = allowed(995);
  // In the next window, nearly all of the previous one counts, rounded down.
  expect(roomIn(LIMIT, [...full, sample]).most(sample)).toBe(1);
  // It may have been counted in either of them.
  expect(roomIn(LIMIT, [...full, sample]).least(refused(995))).toBe(-2);
});
