/** Splits a text into tokens of four characters, as is usual for English. No character is split. */
export const splitTokens = (text: string): string[] => text.match(/[\s\S]{1,4}/gu) ?? [];

/** Returns the approximate number of tokens of a text. */
export const countTokens = (text: string): number => Math.ceil(text.length / 4);

/** The usage of a completion, in tokens and seconds. */
export type Usage = ReturnType<typeof usageOf>;

/** Returns the usage of a completion, with the times of a model that reads 10 000 and writes 500 tokens per second. */
export function usageOf(prompt_tokens: number, completion_tokens: number) {
  const prompt_time = prompt_tokens / 10_000;
  const completion_time = completion_tokens / 500;
  return {
    queue_time: 0.01,
    prompt_tokens,
    prompt_time,
    completion_tokens,
    completion_time,
    total_tokens: prompt_tokens + completion_tokens,
    total_time: prompt_time + completion_time,
  };
}
