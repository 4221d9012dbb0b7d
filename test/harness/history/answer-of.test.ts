import { expect, test } from 'vitest';
import { unserved } from '../../../harness/callers/meaning-of.ts';
import { answerOf } from '../../../harness/history/answer-of.ts';

test('says the status, and the condition that decided', () => {
  expect(answerOf({ status: 0 })).toBe('no answer');
  expect(answerOf({ status: 503 })).toBe('503');
  expect(answerOf({ status: 429, words: '200 with error.code 7' })).toBe('429 (200 with error.code 7)');
  expect(answerOf({ status: unserved(200), words: '200 with errors' })).toBe('200 with errors');
  expect(answerOf({ status: unserved(200) })).toBe('200 that is not served');
});
