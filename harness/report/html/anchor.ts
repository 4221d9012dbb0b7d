/** Makes an id for a part of the page from any text. The index keeps equal texts apart. */
export const anchor = (text: string, index?: number): string =>
  [text.replace(/[^a-z0-9]+/gi, '-').toLowerCase(), ...(index === undefined ? [] : [index])].join('-');
