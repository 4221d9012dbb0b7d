import { type Json, kindOf, numberOf, textOf } from './json-text.ts';
import { matchesWildcard } from './wildcard.ts';

/**
 * A query in the form `#(path operator value)`. Without an operator, it matches all values in which the path exists.
 */
export interface Query {
  readonly path: string;
  readonly operator: string;
  readonly value: string;
}

/**
 * Reads the query at the start of a path.
 *
 * @returns The query and the position after it, or null if the query is not closed.
 */
export function readQuery(path: string): { readonly query: Query; readonly end: number } | null {
  let depth = 1;
  let operatorAt = 0;
  let hasEscapes = false;
  let at = 2;
  for (; at < path.length; at += 1) {
    const char = path[at] as string;
    if (depth === 1 && operatorAt === 0 && '!=<>%'.includes(char)) operatorAt = at;
    else if (char === '\\') at += 1;
    else if (char === '[' || char === '(') depth += 1;
    else if (char === ']' || char === ')') {
      depth -= 1;
      if (depth === 0) break;
    } else if (char === '"') {
      for (at += 1; at < path.length && path[at] !== '"'; at += 1) {
        if (path[at] !== '\\') continue;
        hasEscapes = true;
        at += 1;
      }
    }
  }
  if (depth > 0) return null;
  const end = at + 1;
  if (operatorAt === 0) return { query: { path: path.slice(2, at).trim(), operator: '', value: '' }, end };
  const comparison = path.slice(operatorAt, at).trim();
  const [sign = ''] = /^(==|!=|!%|<=|>=|[<>=%]|!$)/.exec(comparison) ?? [];
  let value = comparison.slice(sign.length).trim();
  if (value.length > 1 && value.startsWith('"') && value.endsWith('"')) {
    value = hasEscapes ? textOf(value) : value.slice(1, -1);
  }
  return { query: { path: path.slice(2, operatorAt).trim(), operator: sign === '==' ? '=' : sign, value }, end };
}

/**
 * Whether a value matches a query.
 *
 * @param json The value at the query's path, or an empty string if the path doesn't exist.
 */
export function fits({ operator, value }: Query, json: Json): boolean {
  if (json === '') return false;
  if (operator === '') return true;
  switch (kindOf(json)) {
    case 'string':
      return compareTexts(operator, textOf(json), value);
    case 'number':
      return compare(operator, numberOf(json), numberOf(value));
    case 'boolean':
      return compareBooleans(operator, json[0] === 't', value);
    default:
      return false;
  }
}

function compareTexts(operator: string, text: string, value: string): boolean {
  if (operator === '%') return matchesWildcard(text, value);
  if (operator === '!%') return !matchesWildcard(text, value);
  // Go compares bytes, which gives the order of code points.
  return compare(operator, Buffer.compare(Buffer.from(text), Buffer.from(value)), 0);
}

function compare(operator: string, a: number, b: number): boolean {
  switch (operator) {
    case '=':
      return a === b;
    case '!=':
      return a !== b;
    case '<':
      return a < b;
    case '<=':
      return a <= b;
    case '>':
      return a > b;
    case '>=':
      return a >= b;
    default:
      return false;
  }
}

/** Compares a boolean. It can only be compared with the words `true` and `false`. */
function compareBooleans(operator: string, is: boolean, value: string): boolean {
  if (operator === '=') return value === String(is);
  if (operator === '!=') return value !== String(is);
  if (operator === (is ? '>=' : '<=')) return true;
  return operator === (is ? '>' : '<') && value === String(!is);
}
