/** Splits a text into tokens of four characters, as is usual for English. No character is split. */
export const splitTokens = (text: string): string[] => text.match(/[\s\S]{1,4}/gu) ?? [];

/** Returns the approximate number of tokens of a text. */
export const countTokens = (text: string): number => Math.ceil(text.length / 4);
