/** Splits a text into tokens of four characters, which is typical for English. Characters are never split. */
export const splitTokens = (text: string): string[] => text.match(/[\s\S]{1,4}/gu) ?? [];

/** Returns the approximate number of tokens in a text. */
export const countTokens = (text: string): number => Math.ceil(text.length / 4);
