/** The property under which an object stores the name of its Go type. */
export const GO_TYPE = Symbol('Go type');

/** Returns the Go type that k6 reports for a script's value. */
export function goType(value: unknown): string {
  if (typeof value === 'number') return Number.isInteger(value) ? 'int64' : 'float64';
  if (typeof value === 'boolean') return 'bool';
  if (typeof value === 'bigint') return '*big.Int';
  if (typeof value === 'function') return 'func(sobek.FunctionCall) sobek.Value';
  if (Array.isArray(value)) return '[]interface {}';
  if (value instanceof Date) return 'time.Time';
  if (ArrayBuffer.isView(value)) return `[]${value.constructor.name.replace(/(Big)?(\w+)Array/, '$2').toLowerCase()}`;
  return typeof value;
}

/** Like `goType`, but returns k6's interface names for nil, HTML elements and other objects. */
export function goTypeOf(value: unknown): string {
  if (value === null || value === undefined) return '<nil>';
  if (typeof value === 'object' && GO_TYPE in value) return String(value[GO_TYPE]);
  const type = goType(value);
  return type === 'object' || type === 'symbol' ? 'map[string]interface {}' : type;
}
