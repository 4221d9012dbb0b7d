/** An id for a part of the page, from any text: the number keeps those apart that read the same. */
export const anchor = (text: string, index?: number): string =>
  [text.replace(/[^a-z0-9]+/gi, '-').toLowerCase(), ...(index === undefined ? [] : [index])].join('-');
