const wordsOf = (text: string): Set<string> => new Set(text.toLowerCase().match(/[\p{L}\p{N}]+/gu));

/**
 * Returns a function that scores how well memories match a query, from 0.3 to 1. The score is never 0, because a
 * semantic search also finds memories that have no words in common with the query.
 */
export function scorer(query: string): (memory: string) => number {
  const wanted = [...wordsOf(query)];
  return (memory) => {
    const words = wordsOf(memory);
    return 0.3 + (0.7 * wanted.filter((word) => words.has(word)).length) / Math.max(1, wanted.length);
  };
}
