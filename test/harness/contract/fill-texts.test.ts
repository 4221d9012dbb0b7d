import { expect, test } from 'vitest';
import { fillTexts } from '../../../harness/contract/fill-texts.ts';

test('all texts and names of fields are filled in, and placeholders without a value remain', () => {
  const values: Record<string, string> = { a: '1' };
  expect(fillTexts({ '${a}': ['${a} ${b}', 2, null] }, (name) => values[name])).toEqual({ 1: ['1 ${b}', 2, null] });
});
