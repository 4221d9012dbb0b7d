/** The replacement for a secret. It is safe in a shell, a URL and any file format. */
const HIDDEN = 'REDACTED';

/**
 * Shorter values also occur in unrelated text: hiding every `1` or `true` would make the output unreadable. Such values
 * are hidden only after one of their names.
 */
const LEAST_CHARACTERS = 6;

/** Whether a value is too short to be hidden everywhere. */
export const isShort = (value: string): boolean => value.length < LEAST_CHARACTERS;

/** Maximum number of values to remember. The oldest ones, which belong to labs that have stopped, are dropped first. */
const MOST_VALUES = 1_000;

/**
 * Patterns that apply to any text: a URL's password, up to the last `@` of its authority, and values that follow a
 * secret's name.
 */
const IN_URL = /\b([a-z][a-z\d+.-]*:\/\/[^\s:@/?#'"`<>]*):([^\s/?#'"`<>]*)@/gi;
const BY_NAME = /((?:password|passwd|pwd|passphrase|api[-_]?key|access[-_]?token)=)[^\s&;,'"`<>#]+/gi;

/**
 * Secrets that must not appear in any output: files, the terminal, or the `make lab` page. Values are hidden anywhere
 * in a text, including percent-encoded values and values inside JSON.
 */
export class Secrets {
  readonly #values = new Set<string>();
  /** Short values, and the names after which they are hidden. */
  readonly #short = new Map<string, Set<string>>();
  #patterns: RegExp[] | undefined;

  /**
   * Hides a value from now on.
   *
   * @param names The value's names, such as the setting that contains it. A value with fewer than 6 characters is
   * hidden only after one of these names.
   */
  hide(value: string, names: readonly string[] = []): void {
    this.hidePassword(value);
    // A key that spans several lines is logged line by line.
    for (const part of new Set([value, ...value.split(/\r?\n/)])) this.#keep(part, names);
  }

  /** Hides a URL's password, but not the URL itself. */
  hidePassword(url: string): void {
    for (const password of passwordsIn(url)) this.#keep(password, []);
  }

  /** Replaces all secrets in a text. */
  redact = (text: string): string => {
    this.#patterns ??= this.#compile();
    const withoutValues = this.#patterns.reduce((rest, pattern) => rest.replace(pattern, `$1${HIDDEN}`), text);
    return withoutValues.replace(IN_URL, `$1:${HIDDEN}@`).replace(BY_NAME, `$1${HIDDEN}`);
  };

  #keep(value: string, names: readonly string[]): void {
    this.#patterns = undefined;
    if (isShort(value)) {
      if (value !== '' && names.length > 0)
        this.#short.set(value, new Set([...(this.#short.get(value) ?? []), ...names]));
      return;
    }
    this.#values.delete(value);
    this.#values.add(value);
    const [oldest = ''] = this.#values;
    if (this.#values.size > MOST_VALUES) this.#values.delete(oldest);
  }

  #compile(): RegExp[] {
    // Start with the longest, because one value may be a prefix of another.
    const forms = [...new Set([...this.#values].flatMap(formsOf))].sort((a, b) => b.length - a.length);
    const values = forms.map((form) => RegExp.escape(form)).join('|');
    const short = [...this.#short].map(([value, names]) => {
      const known = [...names].map((name) => RegExp.escape(name)).join('|');
      return new RegExp(`(\\b(?:${known})["']?\\s*[=:]\\s*["']?)${RegExp.escape(value)}(?![\\w-])`, 'g');
    });
    return [...(values === '' ? [] : [new RegExp(`()(?:${values})`, 'g')]), ...short];
  }
}

/**
 * Matches a URL with a password. Group 1 is everything before the password, and group 3 is the password, which may
 * contain any characters.
 */
const URL_WITH_PASSWORD = /^([a-z][a-z\d+.-]*:\/\/([^:@/]*)):(.*)@/is;

/**
 * Replaces the secrets in a setting. If the setting is a URL, its password is replaced even if it is short or
 * incorrectly encoded.
 */
export const redactSetting = (text: string): string => secrets.redact(text.replace(URL_WITH_PASSWORD, `$1:${HIDDEN}@`));

/** Returns all forms in which a value may appear: plain, in JSON, and in both URL encodings. */
export function formsOf(value: string): string[] {
  const encoded = [encodeURIComponent(value.toWellFormed()), inUserInfo(value)];
  const lower = encoded.map((text) => text.replace(/%[\dA-F]{2}/g, (byte) => byte.toLowerCase()));
  return [value, JSON.stringify(value).slice(1, -1), ...encoded, ...lower];
}

/** Encodes a password the way it is encoded in a URL's authority. */
const inUserInfo = (password: string): string => Object.assign(new URL('http://host'), { password }).password;

/**
 * Returns the decoded passwords in a URL, which can be in its authority or in libpq's `password` parameter. A password
 * that equals the user name is not a secret, and hiding it would hide the user name as well.
 */
export function passwordsIn(url: string): string[] {
  const [, , user, password] = URL_WITH_PASSWORD.exec(url) ?? [];
  const [, parameter] = /[?&]password=([^&#]*)/i.exec(url) ?? [];
  return [password, parameter].flatMap((one) => (one === undefined || one === user ? [] : [decode(one)]));
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** This process's secrets. */
export const secrets = new Secrets();
