import type { Contract } from './contract.ts';
import type { Problem } from './dangling-names.ts';

/** Texts of a line, and where they stand: a breaker, and which of its transitions they tell. */
interface Pattern {
  breaker: string;
  field: 'opened' | 'halfOpen' | 'closed';
  texts: readonly string[];
}

/**
 * Log lines of breakers that can't be told apart: an opening that could be another breaker's, or two transitions of one
 * breaker. (Half-open and closed lines may name no breaker: they are the transition of the one that has opened.)
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

/** Whether a line that holds the other's texts always holds this one's. */
const fits = (one: Pattern, other: Pattern): boolean =>
  one.texts.every((text) => other.texts.some((whole) => whole.includes(text)));
