import { expect, test } from 'vitest';
import { moments } from '../../../../harness/checkers/breaker/moments.ts';
import { History } from '../../../../harness/history/history.ts';
import { begun, request, T0 } from '../../../support/history.ts';

test('times are relative to the first event, whatever the order of the events', () => {
  const history = new History([request(900, 1, 200, {}), begun(1, { action: 'steady' }, 100, 0)]);
  expect(moments(history, { 'it opened': T0 + 350, 'it closed': T0 + 2_100 })).toEqual([
    '0.25 s into the scenario: it opened',
    '2.00 s into the scenario: it closed',
  ]);
  expect(moments(new History(), {})).toEqual([]);
});
