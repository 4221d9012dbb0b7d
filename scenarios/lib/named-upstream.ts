import type { RefinedResponse, ResponseType } from 'k6/http';

/** The part of a response that names its upstream: a header, or a dotted path in its JSON. */
export type NamePlace = { readonly header: string } | { readonly field: string };

/**
 * Returns the upstream or model that an answer names, or an empty text if it names none. In a stream of events, the
 * first event with the field counts.
 */
export function upstreamNamedIn(
  { headers, body }: RefinedResponse<ResponseType | undefined>,
  place: NamePlace,
): string {
  if ('header' in place) {
    const [, text = ''] = Object.entries(headers).find(([name]) => isSame(name, place.header)) ?? [];
    return text;
  }
  const path = place.field.split('.');
  const texts = [String(body), ...String(body).split(/\r?\n/)].map((text) =>
    textAt(text.replace(/^data: ?/, ''), path),
  );
  return texts.find((text) => text !== '') ?? '';
}

const isSame = (name: string, other: string): boolean => name.toLowerCase() === other.toLowerCase();

/** Returns the text or number at a path in a JSON text, or an empty text if there is none. */
function textAt(json: string, path: readonly string[]): string {
  try {
    const found = path.reduce<unknown>((part, name) => Object(part)[name], JSON.parse(json));
    return typeof found === 'string' || typeof found === 'number' ? String(found) : '';
  } catch {
    return '';
  }
}
