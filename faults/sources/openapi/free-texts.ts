import { textOfField } from '../../marks/field-text.ts';
import type { MarkedAnswer, TextOptions } from '../../marks/marked-answer.ts';

/** A text in an example or a sample that may be any other one, and what its schema requires. */
interface FreeText extends TextOptions {
  readonly usual: string;
}

/** Encloses the number of a free text. It needs no escape in JSON and XML, and texts don't have it. */
const SIGN = '\ue000';
const SUBSTITUTE = new RegExp(`${SIGN}(\\d+)${SIGN}`, 'g');

/** Sentences without any character that needs an escape. Services rely on shorter texts, such as the names of states. */
const SENTENCE = /^(?:[\p{L}\p{M},;:.!?()-]+\s+){4,}[\p{L}\p{M},;:.!?()-]+$/u;

/** Fields of a schema or a document that have names of fields or of schemas as keys. */
const MAPS = ['properties', 'schemas', 'definitions'];
const RESTRICTIONS = ['example', 'examples', 'default', 'enum', 'const', 'format', 'pattern'];

/**
 * Takes the texts out of bodies that a service can't rely on, and puts texts with marks in their place. These are the
 * strings for which a schema gives neither values nor a form, unless the name of their field says that programs use
 * them, and the sentences of five or more words in examples.
 */
export class FreeTexts {
  readonly #texts: FreeText[] = [];
  readonly #maps = new WeakSet<object>();
  /** The names of the fields that schemas describe. */
  readonly #names = new WeakMap<object, string>();

  /**
   * Tells that a program reads a field of a schema. If this is the example of a schema that leaves its strings free,
   * returns a substitute for it.
   */
  read(object: object, field: string): string | undefined {
    const isMap = this.#maps.has(object);
    if (field === 'example' && !isMap) return this.#exampleOf(object);
    const value: unknown = Reflect.get(object, field);
    if (typeof value !== 'object' || value === null) return undefined;
    const name = isMap ? field : this.#names.get(object);
    if (!isMap && MAPS.includes(field)) this.#maps.add(value);
    else if (name !== undefined) this.#names.set(value, name);
    return undefined;
  }

  /** Returns a value with substitutes for its sentences. */
  withoutSentences(value: unknown): unknown {
    if (typeof value === 'string') {
      return SENTENCE.test(value) ? this.#take({ usual: value, isLong: true, maxLength: value.length }) : value;
    }
    if (Array.isArray(value)) return value.map((item) => this.withoutSentences(item));
    if (typeof value !== 'object' || value === null) return value;
    return Object.fromEntries(Object.entries(value).map(([name, field]) => [name, this.withoutSentences(field)]));
  }

  /** Returns a body with its own texts in place of the substitutes, or with those of an answer. */
  fill(body: string, marked: MarkedAnswer | undefined): string {
    if (this.#texts.length === 0) return body;
    return body.replaceAll(SUBSTITUTE, (_, number) => {
      const { usual, ...options } = this.#texts[Number(number)] as FreeText;
      return marked?.text(options) ?? usual;
    });
  }

  #exampleOf(schema: object): string | undefined {
    const { type, minLength = 0, maxLength = Number.POSITIVE_INFINITY } = schema as Readonly<Record<string, unknown>>;
    const content = textOfField(this.#names.get(schema) ?? '');
    if (content === 'fixed' || [type].flat()[0] !== 'string') return undefined;
    if (RESTRICTIONS.some((restriction) => Reflect.get(schema, restriction) !== undefined)) return undefined;
    const limits = { minLength: Number(minLength), maxLength: Number(maxLength) };
    const usual = 'string'.padEnd(limits.minLength, 'string').slice(0, limits.maxLength);
    return this.#take({ usual, isLong: content === 'long', ...limits });
  }

  #take(text: FreeText): string {
    this.#texts.push(text);
    return `${SIGN}${this.#texts.length - 1}${SIGN}`;
  }
}
