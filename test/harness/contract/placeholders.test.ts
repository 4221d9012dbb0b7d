import { expect, test } from 'vitest';
import { fillText, fillTexts, placeholdersIn } from '../../../harness/contract/placeholders.ts';

const values: Record<string, string> = { a: '1', b: '${a} $${a}' };
const valueFor = (name: string) => values[name];

test('all texts and names of fields are filled in, and placeholders without a value remain', () => {
  expect(fillTexts({ '${a}': ['${a} ${c}', 2, null] }, valueFor)).toEqual({ 1: ['1 ${c}', 2, null] });
});

test('an escaped placeholder becomes a text, and values are not filled in again', () => {
  expect(fillText('$${a} ${a} $$${a} ${b} ${c} $ {', valueFor)).toBe('${a} 1 $${a} ${a} $${a} ${c} $ {');
});

test('an escape remains if the text will be filled in again', () => {
  expect(fillTexts(['$${a} ${a}'], valueFor)).toEqual(['$${a} 1']);
});

test('finds the names of placeholders, except for escaped ones', () => {
  expect(placeholdersIn('${a} $${b} ${upstream.llm} ${} $c')).toEqual(['a', 'upstream.llm', '']);
});
