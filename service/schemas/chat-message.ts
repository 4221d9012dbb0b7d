import { z } from 'zod';
import { storableText } from './storable-text.ts';

const CONTENT_MAX = 100_000;

/** A message in a conversation or prompt. */
export const chatMessageSchema = z.object({
  role: z.enum(['system', 'user', 'assistant']),
  content: storableText(CONTENT_MAX),
});

export type ChatMessage = z.infer<typeof chatMessageSchema>;
