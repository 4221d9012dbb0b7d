import { isElement } from './element.ts';

/** The Go type of a script's value, for messages. */
export function goTypeOf(value: unknown): string {
  if (value === null || value === undefined) return '<nil>';
  if (typeof value === 'number') return Number.isInteger(value) ? 'int64' : 'float64';
  if (typeof value === 'boolean') return 'bool';
  if (typeof value === 'function') return 'func(sobek.FunctionCall) sobek.Value';
  if (isElement(value)) return 'html.Element';
  return Array.isArray(value) ? '[]interface {}' : 'map[string]interface {}';
}
