import { endOfNested, type Json } from './json-text.ts';

/** Reads a JSON literal, which is a path that starts with `!`: `!"Happysoft"`, `!true`, `![1,2]`. */
export function applyLiteral(path: string): { readonly json: Json; readonly rest: string } | undefined {
  const text = path.slice(1);
  if (/^[{[]/.test(text)) {
    const end = endOfNested(text, 0);
    return { json: text.slice(0, end), rest: text.slice(end) };
  }
  // As in gjson, no path can follow a string or number: anything after it belongs to the literal.
  if (/^["+\-\d]/.test(text)) return { json: text, rest: '' };
  const [word = ''] = /^[^|.]*/.exec(text) ?? [];
  return /^(true|false|null|nan|inf)$/i.test(word) ? { json: word, rest: text.slice(word.length) } : undefined;
}
