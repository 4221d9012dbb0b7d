import { hash } from 'node:crypto';
import { LEAST_DIMENSIONS, markVector } from '../../../faults/marks/vectors.ts';
import { type Route, route } from '../../../faults/upstream/route.ts';
import { TextAnswer } from '../../../faults/upstream/text-answer.ts';
import { countTokens } from '../../llm/tokens.ts';
import { admit } from '../dialect/admit.ts';
import { type AuthenticatedRequest, answer, type Fake } from '../dialect/answer.ts';
import { findModel } from '../dialect/find-model.ts';
import { readBody } from '../dialect/read-body.ts';
import { type EmbeddingRequest, embeddingSchema, inputsOf } from './embedding-request.ts';

/** `POST …/embeddings` */
export function embeddings(fake: Fake): Route {
  const { basePath, errors } = fake.dialect;
  return route.post(`*${basePath}/embeddings`, ({ request }) =>
    answer(fake, request, async (authenticated) => {
      const body = await readBody(errors, request, embeddingSchema);
      return body instanceof Response ? body : respond(fake, authenticated, body.parsed);
    }),
  );
}

function respond(fake: Fake, authenticated: AuthenticatedRequest, wanted: EmbeddingRequest) {
  const model = findModel(fake, wanted.model, 'embedding', 'embeddings');
  if (model instanceof Response) return model;
  const inputs = inputsOf(wanted);
  const counts = inputs.map((input) => (typeof input === 'string' ? countTokens(input) : input.length));
  const longest = Math.max(...counts);
  if (longest > model.contextWindow) return fake.dialect.errors.contextExceeded(model, 'input', longest);
  const { dimensions: most = 0 } = model;
  const dimensions = wanted.dimensions ?? most;
  if (dimensions > most) return fake.dialect.errors.limitTooHigh(model, 'dimensions', dimensions);

  const promptTokens = counts.reduce((sum, count) => sum + count, 0);
  const admission = { model: wanted.model, requestedTokens: promptTokens, usedTokens: promptTokens };
  return admit(fake, authenticated, admission, () => {
    const { number, note } = authenticated.request;
    note?.({
      answer: { words: [], vectors: dimensions < LEAST_DIMENSIONS ? 0 : inputs.length },
      usage: [promptTokens, 0],
      model: wanted.model,
    });
    const data = inputs.map((input, index) => {
      const vector = embed(fake.state.seed, typeof input === 'string' ? input : input.join(' '), dimensions);
      if (number !== undefined) markVector(vector, number, index);
      const embedding = wanted.encoding_format === 'base64' ? inBase64(vector) : [...vector];
      return { object: 'embedding', index, embedding };
    });
    const usage = { prompt_tokens: promptTokens, total_tokens: promptTokens };
    const text = JSON.stringify({ object: 'list', data, model: wanted.model, usage });
    return new TextAnswer(200, 'application/json', text);
  });
}

const inBase64 = ({ buffer, byteOffset, byteLength }: Float32Array): string =>
  Buffer.from(buffer, byteOffset, byteLength).toString('base64');

/**
 * Returns a text's vector, which has length 1 and is the sum of one random vector per word. Texts that share words are
 * therefore close to each other. The same seed and text always give the same vector.
 */
function embed(seed: string, text: string, dimensions: number): Float32Array {
  const vector = new Float32Array(dimensions);
  for (const word of text.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? [text]) {
    let state = hash('sha256', `${seed} ${word}`, 'buffer').readUInt32LE(0) || 1;
    for (let index = 0; index < dimensions; index += 1) {
      // Marsaglia's xorshift, a generator of 32-bit numbers.
      state ^= state << 13;
      state ^= state >>> 17;
      state ^= state << 5;
      vector[index] = (vector[index] ?? 0) + state / 2 ** 31;
    }
  }
  const length = Math.hypot(...vector);
  return length === 0 ? vector.fill(1 / Math.sqrt(dimensions)) : vector.map((value) => value / length);
}
