import { isDeepStrictEqual } from 'node:util';
import { differences } from '../k6-golden/compare.mjs';
import type { Outcome } from './outcome.ts';

/** The result of comparing an engine's run with k6's. */
export interface Comparison {
  /** One line for each value that differs. */
  readonly different: readonly string[];
  /** The values that depend on time or chance, because they differ between two runs of k6. */
  readonly unsteady: readonly string[];
}

/**
 * Compares an outcome with those of two runs of k6. A value that differs between the runs of k6 is compared without its
 * numbers. If it still differs between them, it is not compared at all.
 */
export function compare(first: Outcome, second: Outcome, other: Outcome): Comparison {
  const different: string[] = [];
  const unsteady: string[] = [];
  for (const name of new Set([...Object.keys(first), ...Object.keys(second), ...Object.keys(other)])) {
    const isSteady = isDeepStrictEqual(first[name], second[name]);
    if (!isSteady) unsteady.push(name);
    if (isSteady) different.push(...difference(name, first[name], other[name]));
    else if (isDeepStrictEqual(shapeOf(first[name]), shapeOf(second[name]))) {
      different.push(...difference(name, shapeOf(first[name]), shapeOf(other[name])));
    }
  }
  return { different, unsteady };
}

/** Replaces everything that looks like a number or an identifier. */
function shapeOf(value: unknown): unknown {
  if (value === undefined) return undefined;
  const text = JSON.stringify(value)
    .replace(/\b[\da-f]{8,}\b|(-?\d+(\.\d+)?(e-?\d+)?([mµn]?s\b|m|h)?)+/gi, '#')
    .replace(/[ .]{2,}/g, ' ');
  return Array.isArray(value) ? text.slice(2, -2).split('","').sort() : text;
}

function difference(name: string, expected: unknown, actual: unknown): string[] {
  if (!Array.isArray(expected) || !Array.isArray(actual)) {
    return differences(expected, actual).map((line) => `${name}${line.startsWith('/:') ? line.slice(1) : line}`);
  }
  const missing = without(expected, actual).map((item) => `${name}: only k6: ${JSON.stringify(item)}`);
  return [...missing, ...without(actual, expected).map((item) => `${name}: only the engine: ${JSON.stringify(item)}`)];
}

/** Returns the items of a list that another list lacks. An item may be in a list several times. */
function without(items: readonly unknown[], others: readonly unknown[]): unknown[] {
  const left = others.map((item) => JSON.stringify(item));
  return items.filter((item) => {
    const at = left.indexOf(JSON.stringify(item));
    if (at >= 0) left.splice(at, 1);
    return at < 0;
  });
}
