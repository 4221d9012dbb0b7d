import type { Contract } from './contract.ts';
import type { Problem } from './dangling-names.ts';

/** A log pattern's texts, with its breaker and its field in the contract. */
interface Pattern {
  breaker: string;
  field: 'opened' | 'halfOpen' | 'closed';
  texts: readonly string[];
}

/**
 * Finds ambiguous log patterns: an opening line that also matches another breaker, or a line that matches two
 * transitions of the same breaker. Lines for half-open and closed don't have to contain the breaker's name, because
 * they belong to the breaker that is open.
 */
export function ambiguousLogs({ breakers }: Contract): Problem[] {
  const patterns = Object.entries(breakers).flatMap(([breaker, { log = {} }]) =>
    Object.entries(log).map(([field, texts]) => ({ breaker, field, texts }) as Pattern),
  );
  return patterns.flatMap((one) => {
    const other = patterns.find((another) => mustDiffer(one, another) && fits(one, another));
    if (!other) return [];
    const path = ['breakers', one.breaker, 'log', one.field];
    const where = `breakers.${other.breaker}.log.${other.field}`;
    return [{ path, message: `every line of ${where} fits it as well; add a text that only its own lines have` }];
  });
}

const mustDiffer = (one: Pattern, other: Pattern): boolean =>
  one.breaker === other.breaker ? one.field !== other.field : one.field === 'opened' && other.field === 'opened';

/** Whether every line that matches the other pattern also matches this one. */
const fits = (one: Pattern, other: Pattern): boolean =>
  one.texts.every((text) => other.texts.some((whole) => whole.includes(text)));
