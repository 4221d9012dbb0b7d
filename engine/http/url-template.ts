import { goFormat } from '../base/go-format.ts';
import { InvalidUrl, readTarget } from '../net/target.ts';

/** A URL, and the name under which its requests are counted; empty for the URL itself. */
export interface NamedUrl {
  readonly url: string;
  readonly name: string;
}

class TemplateUrl implements NamedUrl {
  readonly url: string;
  readonly name: string;

  constructor(url: string, name: string) {
    this.url = url;
    this.name = name;
  }

  toString(): string {
    return this.url;
  }
}

/**
 * `http.url`: a tagged template whose values are left out of the name, so that requests to many addresses are one row:
 * `http.url\`/items/${id}\`` is named `/items/${}`.
 *
 * @throws GoError for what is no URL.
 */
export function urlTemplate(parts: readonly string[], ...values: unknown[]): NamedUrl {
  const url = parts.reduce((text, part, index) => text + String(values[index - 1] ?? '') + part);
  const name = parts.join('${}');
  readTarget(url);
  return new TemplateUrl(url, name === url ? '' : name);
}

/**
 * Reads what scripts give as a URL: a text, or what `http.url` gives.
 *
 * @throws GoError for anything else.
 */
export function toNamedUrl(given: unknown): NamedUrl {
  if (typeof given === 'string' || given instanceof String) return { url: String(given), name: '' };
  if (given instanceof TemplateUrl) return given;
  throw new InvalidUrl(`'#${goFormat(given)}'`);
}
