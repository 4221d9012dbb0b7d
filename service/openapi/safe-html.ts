/** A string that is already HTML. */
export class Safe {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** A template tag that escapes all values except {@link Safe} ones. */
export function html(literals: TemplateStringsArray, ...values: readonly (string | Safe)[]): Safe {
  return new Safe(String.raw({ raw: literals }, ...values.map(toHtml)));
}

/** Marks a string as safe HTML. Use it only for constants. */
export const raw = (text: string): Safe => new Safe(text);

/** Joins parts with newlines. */
export const join = (parts: readonly Safe[]): Safe => new Safe(parts.map(({ text }) => text).join('\n'));

function toHtml(value: string | Safe): string {
  return value instanceof Safe ? value.text : value.replace(/[&<>"']/g, (character) => ENTITIES[character] ?? '');
}
