/** Creates an element ID from any text. The index distinguishes elements with the same text. */
export const anchor = (text: string, index?: number): string =>
  [text.replace(/[^a-z0-9]+/gi, '-').toLowerCase(), ...(index === undefined ? [] : [index])].join('-');
