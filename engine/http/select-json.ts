import { parseGoFloat } from '../base/go-float.ts';
import { orNothing } from '../base/or-nothing.ts';
import { notAvailable } from '../vu/not-available.ts';

/** Modifiers of gjson, multipaths, literals, JSON lines, and truth in queries (`~true`). */
const ONLY_K6 =
  /(?:^|(?<!\\)[.|])(?:@(?:this|pretty|ugly|reverse|flatten|join|valid|keys|values|tostr|fromstr|group|dig)(?:[:.|]|$)|[[{])|^!.|^\.\.|#\([^"]*[=<>%]~/;

/**
 * Selects a part of parsed JSON, like `response.json(path)`. The path uses gjson's syntax.
 *
 * @returns A copy, or undefined if nothing matches.
 * @throws EngineError NOT_AVAILABLE for parts of gjson's syntax that are rarely used
 * @example selectJson({ list: [{ id: 1 }, { id: 2 }] }, 'list.#(id>1).id') // 2
 */
export function selectJson(json: unknown, path: string): unknown {
  if (ONLY_K6.test(path)) notAvailable(`the path '${path}' of response.json()`);
  return structuredClone(search(json, path));
}

function search(value: unknown, path: string): unknown {
  const pipe = indexOutside(path, /\|/);
  if (pipe < path.length) return search(search(value, path.slice(0, pipe)), path.slice(pipe + 1));
  const end = indexOutside(path, /\./);
  const part = path.slice(0, end);
  const follow = (found: unknown) => (end < path.length ? search(found, path.slice(end + 1)) : found);
  if (Array.isArray(value)) return part === '#' && end >= path.length ? value.length : searchItems(value, part, follow);
  if (value === null || typeof value !== 'object') return undefined;
  const name = patternOf(part);
  return firstOf(
    Object.entries(value).filter(([key]) => name.test(key)),
    ([, member]) => follow(member),
  );
}

function searchItems(items: readonly unknown[], part: string, follow: (item: unknown) => unknown): unknown {
  const all = (found: readonly unknown[]) => found.map(follow).filter((result) => result !== undefined);
  if (part === '#') return all(items);
  if (/^\d+$/.test(part)) return follow(items[Number(part)]);
  const close = /^#[([]/.test(part) ? endOfQuery(part, 0) : Number.POSITIVE_INFINITY;
  if (close > part.length) return undefined;
  const fits = readQuery(part.slice(2, close - 1));
  return part.endsWith('#') ? all(items.filter(fits)) : follow(items.find(fits));
}

/** Returns the first result of a function that is not undefined. */
function firstOf<T>(items: readonly T[], read: (item: T) => unknown): unknown {
  for (const item of items) {
    const result = read(item);
    if (result !== undefined) return result;
  }
  return undefined;
}

/** Returns the index of the first character that is neither escaped nor in a query, or the length of the path. */
function indexOutside(path: string, wanted: RegExp): number {
  let at = 0;
  while (at < path.length && !wanted.test(path.charAt(at))) {
    if (path[at] === '\\') at += 2;
    else if (/[([]/.test(path[at + 1] ?? '') && path[at] === '#') at = endOfQuery(path, at);
    else at += 1;
  }
  return at;
}

/** Returns the position after the bracket that closes a query, or infinity if it is not closed. */
function endOfQuery(path: string, start: number): number {
  let depth = 0;
  for (const { 0: token, index } of path.slice(start).matchAll(/\\.|"(?:\\.|[^"\\])*"|[()[\]]/gs)) {
    if (/^[([]/.test(token)) depth += 1;
    else if (/^[)\]]/.test(token)) depth -= 1;
    if (depth === 0) return start + index + 1;
  }
  return Number.POSITIVE_INFINITY;
}

/** Reads the query `path operator value`. Without an operator, it fits all items in which the path exists. */
function readQuery(query: string): (item: unknown) => boolean {
  const at = indexOutside(query, /[!=<>%]/);
  const path = query.slice(0, at).trim();
  const [, operator = '', given = ''] = /^(==|!=|!%|<=|>=|[<>=%])?\s*(.*?)\s*$/s.exec(query.slice(at)) ?? [];
  const text = /^".*"$/s.test(given) ? (orNothing(() => String(JSON.parse(given))) ?? given.slice(1, -1)) : given;
  return (item) => {
    const isNested = typeof item === 'object' && item !== null;
    const value = isNested ? search(item, path) : path === '' ? item : undefined;
    return value !== undefined && (operator === '' || compare(value, operator, text));
  };
}

/** Compares a value with the text in a query. As in gjson, a boolean can only be compared with `true` and `false`. */
function compare(value: unknown, operator: string, text: string): boolean {
  if (typeof value === 'string') {
    if (operator.endsWith('%')) return patternOf(text).test(value) === (operator === '%');
    // Go compares bytes, which gives the order of code points.
    return holds(Buffer.compare(Buffer.from(value), Buffer.from(text)), operator, 0);
  }
  if (typeof value === 'number') return holds(value, operator, parseGoFloat(text) ?? 0);
  if (typeof value !== 'boolean') return false;
  if (operator.includes('=') && !/[<>]/.test(operator)) return (text === String(value)) === (operator !== '!=');
  if (operator === (value ? '>=' : '<=')) return true;
  return operator === (value ? '>' : '<') && text === String(!value);
}

function holds(left: number, operator: string, right: number): boolean {
  if (operator === '!=') return left !== right;
  if (operator.endsWith('=') && left === right) return true;
  return (operator.startsWith('<') && left < right) || (operator.startsWith('>') && left > right);
}

/** Converts a name or pattern, in which `*` is any text, `?` is one character, and `\` escapes the next character. */
function patternOf(part: string): RegExp {
  const pattern = part.replace(/\\(.?)|./gsu, (char, escaped?: string) => {
    const wild = escaped === undefined ? { '*': '.*', '?': '.' }[char] : undefined;
    return wild ?? (escaped ?? char).replace(/[$()*+./?[\\\]^{|}]/, '\\$&');
  });
  return new RegExp(`^${pattern}$`, 'su');
}
