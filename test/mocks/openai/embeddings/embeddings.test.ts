import { expect, test } from 'vitest';
import { openAiAtRest, post } from '../ask-openai.ts';

const MODEL = 'text-embedding-3-small';
const embed = (openai: ReturnType<typeof openAiAtRest>['openai'], more: object) =>
  post(openai, '/v1/embeddings', { model: MODEL, ...more });
const dot = (a: number[], b: number[]): number => a.reduce((sum, value, index) => sum + value * (b[index] ?? 0), 0);

test("embeds a text in OpenAI's format", async () => {
  const { openai } = openAiAtRest();
  const { status, body } = await embed(openai, { input: 'A walk in the park' });
  expect(status).toBe(200);
  expect(body).toEqual({
    object: 'list',
    data: [{ object: 'embedding', index: 0, embedding: expect.any(Array) }],
    model: MODEL,
    usage: { prompt_tokens: 5, total_tokens: 5 },
  });
  expect(body.data[0].embedding).toHaveLength(1536);
  expect(dot(body.data[0].embedding, body.data[0].embedding)).toBeCloseTo(1, 5);
});

test('the vectors of texts that share words are close to each other', async () => {
  const { openai } = openAiAtRest();
  const input = ['a walk in the park', 'a long walk in the park', 'database connections'];
  const [walk, longWalk, other] = (await embed(openai, { input })).body.data.map(
    ({ embedding }: { embedding: number[] }) => embedding,
  );
  expect(dot(walk, longWalk)).toBeGreaterThan(0.8);
  expect(Math.abs(dot(walk, other))).toBeLessThan(0.2);
});

test('base64 has the same numbers, and dimensions shortens the vector', async () => {
  const { openai } = openAiAtRest();
  const request = { input: 'tea', dimensions: 4 };
  const plain: number[] = (await embed(openai, request)).body.data[0].embedding;
  const encoded = (await embed(openai, { ...request, encoding_format: 'base64' })).body.data[0].embedding;
  const bytes = Buffer.from(encoded, 'base64');
  expect(plain).toEqual([0, 4, 8, 12].map((offset) => bytes.readFloatLE(offset)));
});

test.each([
  [{ input: [1, 2, 3] }, 1, 3],
  [{ input: [[1, 2], [3]] }, 2, 3],
  [{ input: ['tea', 'milk and sugar'] }, 2, 5],
])('counts the tokens of %j', async (request, vectors, tokens) => {
  const { openai } = openAiAtRest();
  const { data, usage } = (await embed(openai, request)).body;
  expect([data.length, usage.total_tokens]).toEqual([vectors, tokens]);
});

test.each([
  [{ input: '' }, 400, null],
  [{ input: 'x', dimensions: 1537 }, 400, 'integer_above_max_value'],
  [{ input: 'x'.repeat(4 * 8193) }, 400, 'context_length_exceeded'],
  [{ input: 'x', model: 'gpt-4.1' }, 404, null],
  [{ input: 'x', model: 'none' }, 404, 'model_not_found'],
])('rejects %j', async (request, status, code) => {
  const { openai } = openAiAtRest();
  const refused = await embed(openai, request);
  expect(refused.status).toBe(status);
  if (code) expect(refused.body.error.code).toBe(code);
});

test('embeddings use up the quotas', async () => {
  const { openai } = openAiAtRest({ quotas: { rpm: 1 } });
  expect((await embed(openai, { input: 'x' })).headers.get('x-ratelimit-remaining-requests')).toBe('0');
  expect((await embed(openai, { input: 'x' })).status).toBe(429);
});
