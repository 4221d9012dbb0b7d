/** An object's property that holds its Go type. */
export const GO_TYPE = Symbol('Go type');

/** Returns the name of a script value's Go type, for error messages that match k6's. */
export function goTypeOf(value: unknown): string {
  if (value === null || value === undefined) return '<nil>';
  if (typeof value === 'number') return Number.isInteger(value) ? 'int64' : 'float64';
  if (typeof value === 'boolean') return 'bool';
  if (typeof value === 'function') return 'func(sobek.FunctionCall) sobek.Value';
  if (typeof value === 'object' && GO_TYPE in value) return String(value[GO_TYPE]);
  return Array.isArray(value) ? '[]interface {}' : 'map[string]interface {}';
}
