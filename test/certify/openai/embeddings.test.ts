import { expect, test } from 'vitest';
import { useFakes } from '../support/use-fakes.ts';
import { openaiOf } from './client.ts';

const fakes = await useFakes();
const openai = openaiOf(fakes);

test('embeddings are the same in base64, which the SDK asks for, and as numbers', async () => {
  const request = { model: 'text-embedding-3-small', input: ['tea', 'milk'] };
  const { data, usage } = await openai.embeddings.create(request);
  expect(data.map(({ embedding }) => embedding.length)).toEqual([1536, 1536]);
  expect(usage).toEqual({ prompt_tokens: 2, total_tokens: 2 });
  await fakes.reset();
  expect((await openai.embeddings.create({ ...request, encoding_format: 'float' })).data).toEqual(data);
});

test('each listed model can be retrieved', async () => {
  const models = await Array.fromAsync(openai.models.list());
  expect(models.length).toBeGreaterThan(10);
  for (const model of models) expect(await openai.models.retrieve(model.id)).toMatchObject(model);
});
