import { NotFoundError } from 'groq-sdk';
import { expect, test } from 'vitest';
import { useFakes } from '../support/use-fakes.ts';
import { groqOf } from './client.ts';

const groq = groqOf(await useFakes());

test('each listed model can be retrieved, even those with a slash in their name', async () => {
  const { object, data } = await groq.models.list();
  expect(object).toBe('list');
  expect(data.map(({ id }) => id)).toContainEqual(expect.stringContaining('/'));
  for (const model of data) expect(await groq.models.retrieve(model.id)).toEqual(model);
});

test('an unknown model is a NotFoundError', async () => {
  await expect(groq.models.retrieve('gpt-9')).rejects.toThrow(NotFoundError);
});
