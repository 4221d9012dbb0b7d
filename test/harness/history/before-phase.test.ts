import { expect, test } from 'vitest';
import { beforePhase } from '../../../harness/history/before-phase.ts';
import { History } from '../../../harness/history/history.ts';
import { phase, receipt, request } from '../../support/history.ts';

const OPENING = { phase: 'opening' };

test('what was complete before a phase is kept', () => {
  const answered = [request(0, 50, 200, OPENING), receipt(1, 10, 20, 'groq')];
  const later = [request(90, 50, 200, OPENING), phase('open', 100, 1), receipt(2, 110, 20, 'groq')];
  const before = beforePhase(new History([phase('opening', 0, 0), ...later, ...answered]), 'open');
  expect(before?.inOrder()).toEqual([phase('opening', 0, 0), ...answered]);
});

test('a phase that did not begin, or began twice, ends nothing', () => {
  const history = new History([phase('open', 0, 0), phase('open', 100, 0)]);
  expect([beforePhase(history, 'closed'), beforePhase(history, 'open')]).toEqual([undefined, undefined]);
});
