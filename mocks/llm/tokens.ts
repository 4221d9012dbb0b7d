const SIZE = 4;
/** Patterns for tokens, by the number of characters that the first one has if it is shorter. */
const TOKENS = [/[\s\S]{4}/gu, /^[\s\S]|[\s\S]{4}/gu, /^[\s\S]{2}|[\s\S]{4}/gu, /^[\s\S]{3}|[\s\S]{4}/gu];

/**
 * Splits a text into tokens of four characters, which is typical for English. Characters are never split. The first
 * token may be shorter, but not the last one: if it were only the end of a sentence or of JSON, it could be lost unseen.
 */
export function splitTokens(text: string): string[] {
  // Counting the characters one by one would take as long as splitting them.
  const characters = SURROGATE.test(text) ? [...text].length : text.length;
  return text.match(TOKENS[characters % SIZE] as RegExp) ?? [];
}

const SURROGATE = /[\ud800-\udfff]/;

/** Returns the approximate number of tokens in a text. */
export const countTokens = (text: string): number => Math.ceil(text.length / SIZE);
