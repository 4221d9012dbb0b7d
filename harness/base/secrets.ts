/** Stands in the place of a secret. No shell, URL or file format takes it for anything but a word. */
const HIDDEN = 'REDACTED';

/**
 * Shorter values stand in other texts by chance: hiding `1` or `true` would take the sense out of all of them. They are hidden
 * only behind a name that they are known by.
 */
const LEAST_CHARACTERS = 6;

/** Whether a value is too short to be hidden wherever it stands. */
export const isShort = (value: string): boolean => value.length < LEAST_CHARACTERS;

/** As many values as are remembered, the newest: older ones were made for labs that ended long ago. */
const MOST_VALUES = 1_000;

/** In any text: the password of a URL, up to the last `@` of its authority, and values whose name says that they are secret. */
const IN_URL = /\b([a-z][a-z\d+.-]*:\/\/[^\s:@/?#'"`<>]*):([^\s/?#'"`<>]*)@/gi;
const BY_NAME = /((?:password|passwd|pwd|passphrase|api[-_]?key|access[-_]?token)=)[^\s&;,'"`<>#]+/gi;

/**
 * What nothing that is written may hold: files, the terminal, the page of `make lab`. Values are hidden wherever they stand in a
 * text, also percent-encoded or as a part of JSON.
 */
export class Secrets {
  readonly #values = new Set<string>();
  /** Short values, with the names that they are hidden behind. */
  readonly #short = new Map<string, Set<string>>();
  #patterns: RegExp[] | undefined;

  /**
   * Hides a value from now on.
   *
   * @param names What it is known by, such as its setting: a value of less than 6 characters is hidden behind these only.
   */
  hide(value: string, names: readonly string[] = []): void {
    this.hidePassword(value);
    // A key in several lines is logged line by line.
    for (const part of new Set([value, ...value.split(/\r?\n/)])) this.#keep(part, names);
  }

  /** Hides the password of a URL that may itself be shown. */
  hidePassword(url: string): void {
    for (const password of passwordsIn(url)) this.#keep(password, []);
  }

  /** The text without secrets. */
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
    // The longest first: one may be the beginning of another.
    const forms = [...new Set([...this.#values].flatMap(formsOf))].sort((a, b) => b.length - a.length);
    const values = forms.map((form) => RegExp.escape(form)).join('|');
    const short = [...this.#short].map(([value, names]) => {
      const known = [...names].map((name) => RegExp.escape(name)).join('|');
      return new RegExp(`(\\b(?:${known})["']?\\s*[=:]\\s*["']?)${RegExp.escape(value)}(?![\\w-])`, 'g');
    });
    return [...(values === '' ? [] : [new RegExp(`()(?:${values})`, 'g')]), ...short];
  }
}

/** Of a text that is a URL: everything before its password, and the password, whatever characters that has. */
const URL_WITH_PASSWORD = /^([a-z][a-z\d+.-]*:\/\/([^:@/]*)):(.*)@/is;

/** A setting without secrets. Where it is a URL, the password is left out, however short or badly encoded it is. */
export const redactSetting = (text: string): string => secrets.redact(text.replace(URL_WITH_PASSWORD, `$1:${HIDDEN}@`));

/** A value as it may stand in a text: as it is, in JSON, and in a URL, of which there are two ways. */
function formsOf(value: string): string[] {
  const encoded = [encodeURIComponent(value.toWellFormed()), inUserInfo(value)];
  const lower = encoded.map((text) => text.replace(/%[\dA-F]{2}/g, (byte) => byte.toLowerCase()));
  return [value, JSON.stringify(value).slice(1, -1), ...encoded, ...lower];
}

/** A password as a URL writes it. */
const inUserInfo = (password: string): string => Object.assign(new URL('http://host'), { password }).password;

/**
 * The passwords of a URL, decoded: before its host, and by the parameter that libpq takes. A password that is the user's name as
 * well is none, and hiding it would hide the user.
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
