import { expect, test } from 'vitest';
import { areApart, subjectOf } from '../../../harness/verdict/subject.ts';

const about = (...promises: string[][]) => subjectOf({ promises });
const LLM = about(['breakers', 'llm', 'refusal'], ['profiles', '*', 'breakers', 'llm', 'threshold']);

test.each([
  ['other breakers', LLM, about(['breakers', 'memory', 'upstream']), true],
  [
    'the same breaker',
    LLM,
    about(['breakers', 'memory', 'upstream'], ['profiles', 'fast', 'breakers', 'llm', 'opens']),
    false,
  ],
  [
    'other limits',
    about(['profiles', '*', 'limits', 'ask', 'max']),
    about(['profiles', '*', 'limits', 'read', 'max']),
    true,
  ],
  ['another kind of part', LLM, about(['upstreams', 'llm', 'calls', 'attempts']), false],
  ['the whole service', LLM, about(['pool', 'refusal']), false],
  ['nothing', LLM, subjectOf({}), false],
])('a check about %s: %#', (_, a, b, apart) => {
  expect(areApart(a, b)).toBe(apart);
  expect(areApart(b, a)).toBe(apart);
});
