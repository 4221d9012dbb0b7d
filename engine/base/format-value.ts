/**
 * Formats one argument of `console.log` the way k6 does (golden record 50): strings unchanged, errors as name and
 * message, and everything else like a JSON object literal.
 */
export function formatValue(value: unknown): string {
  if (typeof value === 'string') return value;
  if (typeof value === 'function') return '[object Function]';
  if (value instanceof Error) return String(value);
  if (value instanceof ArrayBuffer) return formatBuffer(value);
  if (ArrayBuffer.isView(value)) return formatView(value);
  if (typeof value === 'symbol') return value.description ?? '';
  if (value === null || typeof value !== 'object') return String(value);
  return literal(value, []);
}

function literal(value: unknown, parents: readonly object[]): string {
  if (value === undefined) return 'null';
  // k6 doesn't escape strings, nor quote names.
  if (value === null || typeof value !== 'object') return typeof value === 'string' ? `"${value}"` : formatValue(value);
  if (parents.includes(value)) return '[Circular]';
  if (ArrayBuffer.isView(value) || value instanceof ArrayBuffer || value instanceof Error) return formatValue(value);
  if ('toJSON' in value && typeof value.toJSON === 'function') return literal(value.toJSON(), [...parents, value]);
  const within = [...parents, value];
  if (Array.isArray(value))
    return enclose(
      '[',
      Array.from(value, (item) => literal(item, within)),
      ']',
    );
  return enclose(
    '{',
    Object.entries(value).map(([key, item]) => `${key}: ${literal(item, within)}`),
    '}',
  );
}

/** As in k6, a DataView is shown as an empty object. */
function formatView(view: ArrayBufferView): string {
  if (view instanceof DataView) return '{}';
  const items = [...(view as unknown as Iterable<number | bigint>)].map(String);
  return `${view.constructor.name}(${items.length}) ${enclose('[', items, ']')}`;
}

/** Maximum number of bytes to show from a buffer. */
const SHOWN = 50;

function formatBuffer(buffer: ArrayBuffer): string {
  const bytes = Buffer.from(buffer, 0, Math.min(SHOWN, buffer.byteLength))
    .toString('hex')
    .replace(/(..)(?=.)/g, '$1 ');
  const rest = buffer.byteLength > SHOWN ? ` ... ${buffer.byteLength - SHOWN} more bytes` : '';
  return `ArrayBuffer { [Uint8Contents]: <${bytes}${rest}>, byteLength: ${buffer.byteLength} }`;
}

const enclose = (open: string, items: string[], close: string): string =>
  items.length === 0 ? open + close : `${open} ${items.join(', ')} ${close}`;
