/** Replaces a secret. It is safe in a shell, a URL and any file format. */
const HIDDEN = 'REDACTED';

/**
 * Shorter values occur in other texts by chance: hiding every `1` or `true` would make them unreadable. They are hidden
 * only after one of their names.
 */
const LEAST_CHARACTERS = 6;

/** Returns whether a value is too short to be hidden everywhere. */
export const isShort = (value: string): boolean => value.length < LEAST_CHARACTERS;

/** The most values to remember. The oldest ones, of labs that have ended, are dropped first. */
const MOST_VALUES = 1_000;

/**
 * Patterns for any text: the password of a URL, up to the last `@` of its authority, and values with the name of a
 * secret.
 */
const IN_URL = /\b([a-z][a-z\d+.-]*:\/\/[^\s:@/?#'"`<>]*):([^\s/?#'"`<>]*)@/gi;
const BY_NAME = /((?:password|passwd|pwd|passphrase|api[-_]?key|access[-_]?token)=)[^\s&;,'"`<>#]+/gi;

/**
 * Secrets that must not appear in any output: files, the terminal, the page of `make lab`. Values are hidden anywhere
 * in a text, also percent-encoded or inside JSON.
 */
export class Secrets {
  readonly #values = new Set<string>();
  /** Short values, with the names after which they are hidden. */
  readonly #short = new Map<string, Set<string>>();
  #patterns: RegExp[] | undefined;

  /**
   * Hides a value from now on.
   *
   * @param names Its names, such as the setting that holds it. A value of less than 6 characters is hidden only after
   *   these.
   */
  hide(value: string, names: readonly string[] = []): void {
    this.hidePassword(value);
    // A key with several lines is logged line by line.
    for (const part of new Set([value, ...value.split(/\r?\n/)])) this.#keep(part, names);
  }

  /** Hides the password of a URL, but not the URL. */
  hidePassword(url: string): void {
    for (const password of passwordsIn(url)) this.#keep(password, []);
  }

  /** Returns the text with all secrets replaced. */
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
    // Longest first, because one value may be a prefix of another.
    const forms = [...new Set([...this.#values].flatMap(formsOf))].sort((a, b) => b.length - a.length);
    const values = forms.map((form) => RegExp.escape(form)).join('|');
    const short = [...this.#short].map(([value, names]) => {
      const known = [...names].map((name) => RegExp.escape(name)).join('|');
      return new RegExp(`(\\b(?:${known})["']?\\s*[=:]\\s*["']?)${RegExp.escape(value)}(?![\\w-])`, 'g');
    });
    return [...(values === '' ? [] : [new RegExp(`()(?:${values})`, 'g')]), ...short];
  }
}

/** A URL with a password: group 1 is everything before the password, group 3 the password, with any characters. */
const URL_WITH_PASSWORD = /^([a-z][a-z\d+.-]*:\/\/([^:@/]*)):(.*)@/is;

/**
 * Returns a setting with its secrets replaced. If it is a URL, its password is replaced even if it is short or badly
 * encoded.
 */
export const redactSetting = (text: string): string => secrets.redact(text.replace(URL_WITH_PASSWORD, `$1:${HIDDEN}@`));

/** Returns the forms in which a value may appear: plain, in JSON, and in the two encodings of a URL. */
function formsOf(value: string): string[] {
  const encoded = [encodeURIComponent(value.toWellFormed()), inUserInfo(value)];
  const lower = encoded.map((text) => text.replace(/%[\dA-F]{2}/g, (byte) => byte.toLowerCase()));
  return [value, JSON.stringify(value).slice(1, -1), ...encoded, ...lower];
}

/** Returns a password as it is encoded in the authority of a URL. */
const inUserInfo = (password: string): string => Object.assign(new URL('http://host'), { password }).password;

/**
 * Returns the decoded passwords of a URL: in its authority, and in libpq's parameter. A password equal to the user name
 * is not a secret, and hiding it would hide the user.
 */
function passwordsIn(url: string): string[] {
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

/** The secrets of this process. */
export const secrets = new Secrets();
