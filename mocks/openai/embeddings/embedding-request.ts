import { z } from 'zod';

const tokens = z.array(z.int().min(0)).min(1);

/** The schema for requests to embed texts or token numbers. */
export const embeddingSchema = z.strictObject({
  model: z.string(),
  input: z.union(
    [
      z.string().min(1),
      z.array(z.string().min(1)).min(1).max(2048),
      tokens.max(8192),
      z.array(tokens).min(1).max(2048),
    ],
    { error: 'value must be a text, tokens, or an array of those' },
  ),
  encoding_format: z.enum(['float', 'base64']).nullish(),
  dimensions: z.int().min(1).nullish(),
  user: z.string().nullish(),
});

export type EmbeddingRequest = z.output<typeof embeddingSchema>;

/** Returns the individual inputs in a request. */
export function inputsOf({ input }: EmbeddingRequest): (string | number[])[] {
  if (typeof input === 'string') return [input];
  return typeof input[0] === 'number' ? [input as number[]] : (input as (string | number[])[]);
}
