import type { Contract } from './contract.ts';
import type { Problem } from './dangling-names.ts';

/** The texts of one log pattern, with its breaker and its field in the contract. */
interface Pattern {
  breaker: string;
  field: 'opened' | 'halfOpen' | 'closed';
  texts: readonly string[];
}

/**
 * Finds log patterns that cannot be told apart: an opening that also matches another breaker, or two transitions of one
 * breaker. (Half-open and closed lines need not name a breaker: they belong to the one that is open.)
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

/** Returns whether every line that matches the other pattern also matches this one. */
const fits = (one: Pattern, other: Pattern): boolean =>
  one.texts.every((text) => other.texts.some((whole) => whole.includes(text)));
