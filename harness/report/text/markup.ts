import { visible } from '../../base/controls.ts';

/** Text that is already markup and must not be escaped again. */
export class Markup {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }

  toString(): string {
    return this.text;
  }
}

/** A value in a template. Strings and numbers are escaped, undefined and false are omitted, and lists are joined. */
type Value = Markup | string | number | undefined | false | readonly Value[];

const ENTITIES: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };

/** Escapes text for an element or a quoted attribute, in HTML and XML. Control characters of a service are visible. */
const escapeText = (text: string): string =>
  visible(text).replace(/[&<>"']/g, (character) => ENTITIES[character] as string);

/** A template tag for HTML or XML. It escapes all values except those that are already markup. */
export function markup(strings: TemplateStringsArray, ...values: Value[]): Markup {
  return new Markup(String.raw({ raw: strings }, ...values.map(render)));
}

function render(value: Value): string {
  if (value === undefined || value === false) return '';
  if (value instanceof Markup) return value.text;
  if (typeof value === 'object') return value.map(render).join('');
  return escapeText(String(value));
}

/** Formats JSON for a script element. Without `<`, the JSON can't close the element or start a comment. */
export const jsonForScript = (value: unknown): Markup =>
  new Markup(visible(JSON.stringify(value)).replaceAll('<', '\\u003c'));
