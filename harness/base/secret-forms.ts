/** The replacement for a secret. It is safe in a shell, a URL and any file format. */
export const HIDDEN = 'REDACTED';

/**
 * Matches a URL with a password. Group 1 is everything before the password, and group 3 is the password, which may
 * contain any characters.
 */
export const URL_WITH_PASSWORD = /^([a-z][a-z\d+.-]*:\/\/([^:@/]*)):(.*)@/is;

/** Returns the usual forms in which a value appears: plain, in JSON, and in both URL encodings. */
export function formsOf(value: string): string[] {
  const encoded = [encodeURIComponent(value.toWellFormed()), inUserInfo(value)];
  const lower = encoded.map((text) => text.replace(/%[\dA-F]{2}/g, (byte) => byte.toLowerCase()));
  return [value, inJson(value), ...encoded, ...lower];
}

/**
 * Returns all forms in which a value is hidden, without duplicates. In addition to the usual forms, these are the JSON
 * of Python (only ASCII), PHP (`\/`) and Go (`\u0026`), HTML, Base64 and hexadecimal digits, and each of these forms in
 * nested JSON. Values of letters and digits have few forms.
 */
export function hiddenForms(value: string): Set<string> {
  const bytes = Buffer.from(value);
  const encoded = (['base64', 'base64url', 'hex'] as const).map((encoding) => bytes.toString(encoding));
  if (NEVER_ESCAPED.test(value)) return new Set([value, ...encoded]);
  const json = inJson(value);
  const escapedForms = [
    ...formsOf(value),
    json.replace(/[^ -~]/g, escaped),
    json.replaceAll('/', '\\/'),
    json.replace(/[&<>]/g, escaped),
    ...HTML.map((entities) => value.replace(/[&<>"']/g, (one) => entities[one] ?? one)),
    // A header's bytes are read as Latin-1.
    bytes.toString('latin1'),
  ];
  return new Set([...encoded, ...escapedForms.flatMap((form) => [form, inJson(form), inJson(inJson(form))])]);
}

/** Matches texts without a character that any encoding of text escapes. */
const NEVER_ESCAPED = /^[\w.-]*$/;

const inJson = (text: string): string => JSON.stringify(text).slice(1, -1);

const escaped = (one: string): string => `\\u${one.charCodeAt(0).toString(16).padStart(4, '0')}`;

const NAMED = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };
/** How frameworks escape HTML. They differ in the quotes. */
const HTML: Readonly<Record<string, string>>[] = [
  { ...NAMED, "'": '&#39;' },
  { ...NAMED, "'": '&#x27;' },
  { ...NAMED, '"': '&#34;', "'": '&#39;' },
];

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
