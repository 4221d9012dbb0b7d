const wordsOf = (text: string): Set<string> => new Set(text.toLowerCase().match(/[\p{L}\p{N}]+/gu));

/** How well memories match a query, from 0.3 to 1: never zero, as a search by meaning finds those without a common word too. */
export function scorer(query: string): (memory: string) => number {
  const wanted = [...wordsOf(query)];
  return (memory) => {
    const words = wordsOf(memory);
    return 0.3 + (0.7 * wanted.filter((word) => words.has(word)).length) / Math.max(1, wanted.length);
  };
}
