import type { Callable, Upload } from '../contract/requests.ts';

/** The placeholder values for one request. */
export interface Values {
  unique?: string;
  client?: string;
  user?: string | undefined;
  password?: string | undefined;
}

/** A request, ready to be sent. */
export interface Composed {
  method: string;
  path: string;
  headers: Record<string, string>;
  body: string | null;
  /** The upload to send instead of a body. */
  upload?: Upload;
}

/** Parts to add to the endpoint's own parts, such as credentials. */
export interface Added {
  headers: Record<string, string>;
  query: Record<string, string>;
}

/** Matches the placeholders, and `$${`, which stands for the text `${`. */
const PLACEHOLDER = /\$\$\{|\$\{(unique|client|user|password)\}/g;

/** Replaces the placeholders in a text, and `$${` with `${`. Placeholders without a value remain unchanged. */
export const fill = (text: string, values: Values, encode = (value: string) => value): string =>
  text.replace(PLACEHOLDER, (all, name: keyof Values | undefined) => {
    const value = name === undefined ? '${' : values[name];
    return value === undefined ? all : encode(value);
  });

/** Composes a request to an endpoint. Later headers override earlier ones with the same name. */
export function composeRequest(endpoint: Callable, values: Values, ...added: readonly Added[]): Composed {
  const own = { headers: fillEach(endpoint.headers, values), query: fillEach(endpoint.query, values) };
  const parts = [own, ...added];
  const { type, body, upload } = contentOf(endpoint, values);
  return {
    method: endpoint.method,
    path: withQuery(
      fill(endpoint.path, values, encodeURIComponent),
      Object.assign({}, ...parts.map(({ query }) => query)),
    ),
    headers: mergeHeaders(
      ...(type === undefined ? [] : [{ 'Content-Type': type }]),
      ...parts.map(({ headers }) => headers),
    ),
    body,
    ...(upload && { upload }),
  };
}

/** Merges headers, ignoring the case of their names. Later ones override earlier ones. */
export function mergeHeaders(...all: readonly Record<string, string>[]): Record<string, string> {
  const byName = new Map<string, [name: string, value: string]>();
  for (const entry of all.flatMap((headers) => Object.entries(headers))) byName.set(entry[0].toLowerCase(), entry);
  return Object.fromEntries(byName.values());
}

const fillEach = (texts: Record<string, string>, values: Values): Record<string, string> =>
  Object.fromEntries(Object.entries(texts).map(([name, text]) => [fill(name, values), fill(text, values)]));

const encodePairs = (pairs: Record<string, string>): string =>
  Object.entries(pairs)
    .map((pair) => pair.map(encodeURIComponent).join('='))
    .join('&');

function withQuery(path: string, query: Record<string, string>): string {
  const encoded = encodePairs(query);
  return encoded === '' ? path : `${path}${path.includes('?') ? '&' : '?'}${encoded}`;
}

const insideJson = (value: string): string => JSON.stringify(value).slice(1, -1);

function contentOf({ body, form, text, file }: Callable, values: Values) {
  if (body !== undefined) {
    return { type: 'application/json', body: fill(JSON.stringify(body), values, insideJson) };
  }
  if (form) return { type: 'application/x-www-form-urlencoded', body: encodePairs(fillEach(form, values)) };
  if (text !== undefined) return { type: 'text/plain; charset=utf-8', body: fill(text, values) };
  if (!file) return { body: null };
  const { content } = file;
  const upload = {
    ...file,
    name: fill(file.name, values),
    fields: fillEach(file.fields, values),
    ...(content !== undefined && { content: fill(content, values) }),
  };
  return { body: null, upload };
}
