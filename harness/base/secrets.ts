import { HiddenValues, LEAST_CHARACTERS, type PieceLengths, pieceLengths } from './hidden-values.ts';
import { HIDDEN, hiddenForms, passwordsIn, URL_WITH_PASSWORD } from './secret-forms.ts';

/**
 * Whether a value is too short to be hidden everywhere: hiding every `1` or `true` would make the output unreadable.
 * Such values are hidden only after one of their names.
 */
export const isShort = (value: string): boolean => value.length < LEAST_CHARACTERS;

/**
 * Maximum number of values without a name to remember. The oldest ones, which belong to labs that have stopped, are
 * dropped first.
 */
const MOST_VALUES = 5_000;

/** A text in whose presence a pattern is worth trying, and the pattern. Group 1 is what remains visible. */
type Pattern = readonly [hint: string, pattern: RegExp];

/**
 * Patterns that apply to any text: a URL's password, up to the last `@` of its authority, values that follow a secret's
 * name, credentials as they are sent, and signed tokens.
 */
const PATTERNS: readonly Pattern[] = [
  ['://', /\b([a-z][a-z\d+.-]*:\/\/[^\s:@/?#'"`<>]*:)[^\s/?#'"`<>]*(?=@)/gi],
  ['=', /((?:password|passwd|pwd|passphrase|api[-_]?key|access[-_]?token)=)[^\s&;,'"`<>#]+/gi],
  ['earer', /\b([Bb]earer +)(?=[\w.~+/-]*(?:\d|[a-z][A-Z]))[\w.~+/-]{8,}=*/g],
  ['asic', /\b([Bb]asic +)(?=[\w.~+/-]*(?:\d|[a-z][A-Z]))[\w.~+/-]{8,}=*/g],
  ['eyJ', /()\beyJ[\w-]{8,}\.eyJ[\w-]{8,}\.[\w-]{20,}/g],
];

/** The line before or after a key. */
const FRAME = /^-----(?:BEGIN|END) [^-]*-----$/;

/**
 * Secrets that must not appear in any output: files, the terminal, or the `make lab` page. Values are hidden anywhere
 * in a text, in all usual encodings. The beginning and the end of a value are also hidden on their own if they have
 * eight characters, because a service may split a value over two chunks, lines or texts.
 */
export class Secrets {
  /** Values with a name, which are those of the user, and others, which belong to labs. */
  readonly #named = new Map<string, PieceLengths>();
  readonly #others = new Map<string, PieceLengths>();
  #values = new HiddenValues();
  /** Short values, the names after which they are hidden, and a pattern for each value. */
  readonly #short = new Map<string, { names: ReadonlySet<string>; pattern: RegExp }>();

  /**
   * Hides a value from now on.
   *
   * @param names The value's names, such as the setting that contains it. A value with fewer than 6 characters is
   * hidden only after one of these names.
   * @param isStated Whether a text must remain readable. Pieces of the value for which it returns true are not hidden.
   */
  hide(value: string, names: readonly string[] = [], isStated: (text: string) => boolean = () => false): void {
    this.hidePassword(value);
    // A key that spans several lines is logged line by line.
    for (const part of new Set([value, ...value.split(/\r?\n/)])) {
      if (!FRAME.test(part)) this.#keep(part, names, isStated);
    }
  }

  /** Hides a URL's password, but not the URL itself. */
  hidePassword(url: string): void {
    for (const password of passwordsIn(url)) this.#keep(password, []);
  }

  /** Replaces all secrets in a text. Returns the same text if there are none. */
  redact = (text: string): string => {
    let redacted = this.#values.redact(text);
    for (const { pattern } of this.#short.values()) redacted = redacted.replace(pattern, `$1${HIDDEN}`);
    for (const [hint, pattern] of PATTERNS) {
      if (redacted.includes(hint)) redacted = redacted.replace(pattern, `$1${HIDDEN}`);
    }
    return redacted;
  };

  #keep(value: string, names: readonly string[], isStated: (text: string) => boolean = () => false): void {
    if (isShort(value)) {
      if (value !== '' && names.length > 0) this.#keepShort(value, names);
      return;
    }
    const lengths = pieceLengths(value, isStated);
    const kept = names.length > 0 ? this.#named : this.#others;
    const { beginning, end } = kept.get(value) ?? {};
    if (beginning !== lengths.beginning || end !== lengths.end) addTo(this.#values, value, lengths);
    // Hiding a value again makes it the latest.
    kept.delete(value);
    kept.set(value, lengths);
    if (this.#others.size > MOST_VALUES) this.#dropOldest();
  }

  #keepShort(value: string, added: readonly string[]): void {
    const names = new Set([...(this.#short.get(value)?.names ?? []), ...added]);
    const known = [...names].map((name) => RegExp.escape(name)).join('|');
    // In JSON inside of JSON, the quotes are escaped.
    const before = `\\b(?:${known})\\\\*["']?\\s*[=:]\\s*\\\\*["']?`;
    this.#short.set(value, { names, pattern: new RegExp(`(${before})${RegExp.escape(value)}(?![\\w-])`, 'g') });
  }

  /** Drops half of the values without a name. Single values can't be removed. */
  #dropOldest(): void {
    for (const value of [...this.#others.keys()].slice(0, MOST_VALUES / 2)) this.#others.delete(value);
    this.#values = new HiddenValues();
    for (const [value, lengths] of [...this.#named, ...this.#others]) addTo(this.#values, value, lengths);
  }
}

function addTo(values: HiddenValues, value: string, lengths: PieceLengths): void {
  for (const form of hiddenForms(value)) values.add(form, lengths);
}

/**
 * Replaces the secrets in a setting. If the setting is a URL, its password is replaced even if it is short or
 * incorrectly encoded.
 */
export const redactSetting = (text: string): string => secrets.redact(text.replace(URL_WITH_PASSWORD, `$1:${HIDDEN}@`));

/** This process's secrets. */
export const secrets = new Secrets();
