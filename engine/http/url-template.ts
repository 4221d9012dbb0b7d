import { goFormat } from '../base/go-format.ts';
import { InvalidUrl, readTarget } from '../net/target.ts';

/** A URL and the name for its samples. If the name is empty, the URL is used. */
export interface NamedUrl {
  readonly url: string;
  readonly name: string;
}

/** As in k6, its conversion to a string is `[object Object]`. */
class TemplateUrl implements NamedUrl {
  readonly name: string;
  readonly url: string;
  /** The URL with hidden user and password. */
  readonly clean_url: string;

  constructor(url: string, name: string, clean: string) {
    this.name = name;
    this.url = url;
    this.clean_url = clean;
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
  return new TemplateUrl(url, name, readTarget(url).shown);
}

/**
 * Reads a script's URL argument, which is a string or a result of `http.url`.
 *
 * @throws GoError for any other type
 */
export function toNamedUrl(given: unknown): NamedUrl {
  if (typeof given === 'string' || given instanceof String) return { url: String(given), name: '' };
  if (given instanceof TemplateUrl) return given.name === given.url ? { url: given.url, name: '' } : given;
  throw new InvalidUrl(`'#${goFormat(given)}'`);
}
