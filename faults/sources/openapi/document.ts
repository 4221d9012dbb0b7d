/**
 * The parts of an OpenAPI document (2.0, 3.0 or 3.1) that are used to create responses and requests. Each of them may
 * be a reference.
 */
export interface OpenApiDocument {
  readonly openapi?: string;
  readonly swagger?: string;
  readonly servers?: readonly Server[];
  /** Only 2.0: the path that all paths are relative to. */
  readonly basePath?: string;
  /** Only 2.0: the media types of operations that specify none. */
  readonly produces?: readonly string[];
  readonly paths?: Readonly<Record<string, PathItem>>;
  /** How requests authenticate, unless an operation says something else. */
  readonly security?: unknown;
  readonly components?: unknown;
  /** Only 2.0: the schemes that `security` names. */
  readonly securityDefinitions?: unknown;
}

export interface Server {
  readonly url: string;
  readonly variables?: Readonly<Record<string, { readonly default?: string }>>;
}

/** Operations by lowercase method. */
export interface PathItem {
  readonly servers?: readonly Server[];
  readonly [method: string]: unknown;
}

export interface Operation {
  /** Only 2.0: the media types of its responses. */
  readonly produces?: readonly string[];
  readonly responses?: Readonly<Record<string, ResponseObject>>;
}

export interface ResponseObject {
  readonly headers?: Readonly<Record<string, unknown>>;
  readonly content?: Readonly<Record<string, MediaType>>;
  /** Only 2.0: the schema for all media types. */
  readonly schema?: unknown;
  /** Only 2.0: an example for each media type. */
  readonly examples?: Readonly<Record<string, unknown>>;
}

export interface MediaType {
  readonly schema?: unknown;
  readonly example?: unknown;
  readonly examples?: Readonly<Record<string, unknown>>;
}

/**
 * Resolves a reference into the document. Returns undefined if the target is missing or outside the document. A value
 * that is not a reference is returned unchanged.
 */
export function resolveRef<Value>(document: OpenApiDocument, value: Value): Value | undefined {
  let found: unknown = value;
  const seen = new Set<string>();
  for (let ref = refOf(found); ref !== undefined; ref = refOf(found)) {
    if (seen.has(ref) || !ref.startsWith('#')) return undefined;
    seen.add(ref);
    found = ref
      .slice(2)
      .split('/')
      .reduce((parent: unknown, key) => Reflect.get(Object(parent), unescaped(key)), document);
  }
  return found as Value | undefined;
}

/** Returns a reference's target, or undefined if the value is not a reference. */
export function refOf(value: unknown): string | undefined {
  const ref = typeof value === 'object' && value !== null ? Reflect.get(value, '$ref') : undefined;
  return typeof ref === 'string' ? ref : undefined;
}

const unescaped = (key: string): string => decodeURIComponent(key).replaceAll('~1', '/').replaceAll('~0', '~');

/** The methods that operations can have. */
export const METHODS = ['get', 'head', 'post', 'put', 'patch', 'delete', 'options', 'trace'] as const;
