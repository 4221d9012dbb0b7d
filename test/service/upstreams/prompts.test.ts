import { expect, test } from 'vitest';
import { readSuggestions, suggestionPrompt } from '../../../service/upstreams/prompts.ts';

test('parses one suggestion per line, without bullets and numbers', () => {
  expect(readSuggestions('- Swim\n* Walk\n\n1. Read 2 books\n2) Cook\n• Paint')).toEqual([
    'Swim',
    'Walk',
    'Read 2 books',
    'Cook',
    'Paint',
  ]);
});

test('keeps at most five', () => {
  expect(readSuggestions('a\nb\nc\nd\ne\nf')).toHaveLength(5);
});

test('tells the LLM if nothing is known about the user', () => {
  expect(suggestionPrompt([], []).at(-1)?.content).toBe('Nothing is known of the user yet.');
});
