import type { MarkedAnswer } from '../../marks/marked-answer.ts';

/** A text in an example or a sample that may be any other one, and what its schema requires. */
interface FreeText {
  readonly usual: string;
  readonly minLength?: number;
  readonly maxLength?: number;
}

/** Encloses the number of a free text. It needs no escape in JSON and XML, and texts don't have it. */
const SIGN = '\ue000';

/** Sentences without any character that needs an escape. Services rely on shorter texts, such as the names of states. */
const SENTENCE = /^(?:[\p{L}\p{M},;:.!?()-]+\s+){4,}[\p{L}\p{M},;:.!?()-]+$/u;

/**
 * Takes the texts out of bodies that a service can't rely on, and puts texts with marks in their place. These are the
 * strings for which a schema gives neither values nor a form, and the sentences of five or more words in examples.
 */
export class FreeTexts {
  readonly #texts: FreeText[] = [];

  /** Returns a substitute for the example of a schema, if it is one for strings that it leaves free. */
  exampleOf(schema: object): string | undefined {
    const { type, minLength = 0, maxLength = Number.POSITIVE_INFINITY } = schema as Readonly<Record<string, unknown>>;
    if ([type].flat()[0] !== 'string' || RESTRICTIONS.some((field) => Reflect.get(schema, field) !== undefined)) {
      return undefined;
    }
    const usual = 'string'.padEnd(Number(minLength), 'string').slice(0, Number(maxLength));
    return this.#take({ usual, minLength: Number(minLength), maxLength: Number(maxLength) });
  }

  /** Returns a value with substitutes for its sentences. */
  withoutSentences(value: unknown): unknown {
    if (typeof value === 'string') {
      return SENTENCE.test(value) ? this.#take({ usual: value, maxLength: value.length }) : value;
    }
    if (Array.isArray(value)) return value.map((item) => this.withoutSentences(item));
    if (typeof value !== 'object' || value === null) return value;
    return Object.fromEntries(Object.entries(value).map(([name, field]) => [name, this.withoutSentences(field)]));
  }

  /** Returns a body with its own texts in place of the substitutes, or with those of an answer. */
  fill(body: string, marked: MarkedAnswer | undefined): string {
    if (this.#texts.length === 0) return body;
    return body.replaceAll(SUBSTITUTE, (_, number) => {
      const { usual, ...limits } = this.#texts[Number(number)] as FreeText;
      return marked?.text({ isLong: marked.isEmpty, ...limits }) ?? usual;
    });
  }

  #take(text: FreeText): string {
    this.#texts.push(text);
    return `${SIGN}${this.#texts.length - 1}${SIGN}`;
  }
}

const SUBSTITUTE = new RegExp(`${SIGN}(\\d+)${SIGN}`, 'g');
const RESTRICTIONS = ['example', 'examples', 'default', 'enum', 'const', 'format', 'pattern'];
