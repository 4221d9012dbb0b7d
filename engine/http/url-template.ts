import { goFormat } from '../base/go-format.ts';
import { InvalidUrl, readTarget } from '../net/target.ts';

/** A URL and the name for its samples. If the name is empty, the URL is used. */
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
 * Implements `http.url`, a tagged template that omits its values from the name, so that requests to different URLs
 * share the same name: `http.url\`/items/${id}\`` is named `/items/${}`.
 *
 * @throws GoError for an invalid URL
 */
export function urlTemplate(parts: readonly string[], ...values: unknown[]): NamedUrl {
  const url = parts.reduce((text, part, index) => text + String(values[index - 1] ?? '') + part);
  const name = parts.join('${}');
  readTarget(url);
  return new TemplateUrl(url, name === url ? '' : name);
}

/**
 * Reads a script's URL argument, which is a string or a result of `http.url`.
 *
 * @throws GoError for any other type
 */
export function toNamedUrl(given: unknown): NamedUrl {
  if (typeof given === 'string' || given instanceof String) return { url: String(given), name: '' };
  if (given instanceof TemplateUrl) return given;
  throw new InvalidUrl(`'#${goFormat(given)}'`);
}
