import type { z } from 'zod';

/** A question of `proofload init`. */
export interface Question<Answer = unknown> {
  /** A short name, for example `llm.setting`. */
  name: string;
  ask: string;
  /** The default answer, as entered. */
  usual: string;
  /** Validates an answer and converts it. */
  answer: z.ZodType<Answer, string>;
}

/** Asks a question and returns the converted answer. */
export type Ask = <Answer>(question: Question<Answer>) => Promise<Answer>;

/** Validates an answer. Returns true, or a description of the problem. */
export function judgeAnswer({ answer }: Question, text: string): true | string {
  const parsed = answer.safeParse(text);
  return parsed.success || (parsed.error.issues[0]?.message ?? 'not valid');
}
