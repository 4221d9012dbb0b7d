/** A handler created with any version of msw. */
export interface TeamHandler {
  readonly info: { readonly header?: string; readonly path?: unknown };
  run(...args: unknown[]): Promise<unknown>;
}

/**
 * Returns the handlers that a module exports: those in the default export, or else those in `handlers`, or else those
 * in all exports. An export may be a handler, an array of handlers, or a server or worker that was set up with them.
 */
export function findHandlers(exports: Readonly<Record<string, unknown>>): TeamHandler[] {
  const { default: main, handlers, ...others } = exports;
  for (const candidate of [main, Reflect.get(Object(main), 'handlers'), handlers]) {
    const found = collect(candidate);
    if (found.length > 0) return found;
  }
  return [...new Set(collect([...Object.values(Object(main)), ...Object.values(others)]))];
}

function collect(value: unknown): TeamHandler[] {
  if (Array.isArray(value)) return value.flatMap(collect);
  if (isHandler(value)) return [value];
  const listHandlers = Reflect.get(Object(value), 'listHandlers');
  return typeof listHandlers === 'function' ? collect(listHandlers.call(value)) : [];
}

const isHandler = (value: unknown): value is TeamHandler =>
  typeof value === 'object' && value !== null && 'info' in value && typeof Reflect.get(value, 'run') === 'function';
