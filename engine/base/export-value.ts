/** Marks engine objects. As in k6, their methods are not exported. */
export const ENGINE_OBJECT = Symbol('an object of the engine');

/**
 * Converts a script's value to plain JSON data the way k6 does for the result of `setup()` and for `options`. Unlike
 * `JSON.stringify()`, it drops nothing: `undefined` becomes null, a Map becomes an array of pairs, a Set becomes an
 * array, and a Uint8Array becomes Base64. Dates are formatted with only as many digits as needed (golden record 22),
 * and `toJSON()` is not called.
 *
 * @throws TypeError with Go's message for functions, NaN, infinities and cycles
 */
export const exportValue = (value: unknown): unknown => plain(value, []);

function plain(value: unknown, parents: readonly object[]): unknown {
  switch (typeof value) {
    case 'undefined':
      return null;
    case 'number':
      if (!Number.isFinite(value)) throw unsupported('value', String(value).replace(/^(-?)Infinity$/, '$1Inf'));
      return value;
    case 'bigint':
      return Number(value);
    case 'symbol':
      return value.description ?? '';
    case 'function':
      throw unsupported('type', 'func(sobek.FunctionCall) sobek.Value');
    case 'object':
      return value === null ? null : plainObject(value, parents);
    default:
      return value;
  }
}

function plainObject(value: object, parents: readonly object[]): unknown {
  if (parents.includes(value)) throw unsupported('value', 'encountered a cycle');
  const within = [...parents, value];
  const each = (items: Iterable<unknown>): unknown[] => Array.from(items, (item) => plain(item, within));
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? null : formatDate(value);
  if (value instanceof Number || value instanceof Boolean) return plain(value.valueOf(), []);
  if (value instanceof Uint8Array || value instanceof Uint8ClampedArray) return Buffer.from(value).toString('base64');
  if (Array.isArray(value) || value instanceof Set || value instanceof Map) return each(value);
  if (ArrayBuffer.isView(value) && !(value instanceof DataView)) return each(value as unknown as Iterable<unknown>);
  const isEngines = ENGINE_OBJECT in value;
  const entries = Object.entries(value).filter(([, item]) => !isEngines || typeof item !== 'function');
  return Object.fromEntries(entries.map(([key, item]) => [key, plain(item, within)]));
}

/** Formats a date as RFC 3339 in the local time zone, without trailing zeros. */
function formatDate(date: Date): string {
  const offset = -date.getTimezoneOffset();
  const local = new Date(date.getTime() + offset * 60_000).toISOString().replace(/\.?0*Z$/, '');
  if (offset === 0) return `${local}Z`;
  const two = (minutes: number) => String(Math.floor(minutes)).padStart(2, '0');
  return `${local}${offset > 0 ? '+' : '-'}${two(Math.abs(offset) / 60)}:${two(Math.abs(offset) % 60)}`;
}

const unsupported = (what: 'type' | 'value', name: string): TypeError =>
  new TypeError(`json: unsupported ${what}: ${name}`);
