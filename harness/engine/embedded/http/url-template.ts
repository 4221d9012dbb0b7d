/** A URL, and the name under which its requests are counted. */
export interface NamedUrl {
  readonly url: string;
  readonly name: string;
}

/**
 * `http.url`: a tagged template whose values are left out of the name, so that requests to many addresses are one row:
 * `http.url\`/items/${id}\`` is named `/items/${}`.
 */
export function urlTemplate(parts: readonly string[], ...values: unknown[]): NamedUrl & { toString(): string } {
  const url = parts.reduce((text, part, index) => text + String(values[index - 1]) + part);
  return { url, name: parts.join('${}'), toString: () => url };
}

/** Reads what scripts give as a URL: a text, or anything else with a text form. */
export function toNamedUrl(given: unknown): NamedUrl {
  if (given !== null && typeof given === 'object' && 'url' in given && 'name' in given) {
    return { url: String(given.url), name: String(given.name) };
  }
  return { url: String(given), name: '' };
}
