/** Text that is HTML already. */
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

/** A template whose values are escaped, unless they are {@link Safe}. */
export function html(literals: TemplateStringsArray, ...values: readonly (string | Safe)[]): Safe {
  return new Safe(String.raw({ raw: literals }, ...values.map(toHtml)));
}

/** Takes the text for HTML as it is: only for what the service itself holds. */
export const raw = (text: string): Safe => new Safe(text);

/** One after the other. */
export const join = (parts: readonly Safe[]): Safe => new Safe(parts.map(({ text }) => text).join('\n'));

function toHtml(value: string | Safe): string {
  return value instanceof Safe ? value.text : value.replace(/[&<>"']/g, (character) => ENTITIES[character] ?? '');
}
