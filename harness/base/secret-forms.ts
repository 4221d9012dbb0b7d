import { escaped } from './controls.ts';

/** The replacement for a secret. It is safe in a shell, a URL and any file format. */
export const HIDDEN = 'REDACTED';

/**
 * Matches a URL with a password. Group 1 is everything before the password, and group 3 is the password, which may
 * contain any characters.
 */
export const URL_WITH_PASSWORD = /^([a-z][a-z\d+.-]*:\/\/([^:@/]*)):(.*)@/is;

/**
 * Returns the texts to search for to find a value in any of its forms, the value itself first. None of them contains
 * another one.
 */
export function searchForms(value: string): string[] {
  const forms = [...formsOf(value)];
  return forms.filter((form) => !forms.some((other) => other !== form && form.includes(other)));
}

/** Returns all forms of a value to hide. Unlike the forms to search for, they include its last bits. */
export const hiddenForms = (value: string): Set<string> =>
  formsOf(value).union(new Set((['base64', 'base64url'] as const).map((form) => Buffer.from(value).toString(form))));

/**
 * Returns the forms of a value, without duplicates. These are JSON, also as Python (only ASCII), PHP (`\/`) and Go
 * (`\u0026`) write it, URL encodings, HTML, and each of these in nested JSON; Base64 and Base64url, also as a part of a
 * longer text, and hexadecimal digits. Values of letters and digits have few forms.
 */
function formsOf(value: string): Set<string> {
  const encoded = [...base64Forms(value), ...hexForms(value)];
  if (NEVER_ESCAPED.test(value)) return new Set([value, ...encoded]);
  const json = inJson(value);
  const escapedForms = [
    value,
    json,
    ...urlForms(value),
    json.replace(/[^ -~]/g, escaped),
    json.replaceAll('/', '\\/'),
    json.replace(/[&<>]/g, escaped),
    ...HTML.map((entities) => value.replace(/[&<>"']/g, (character) => entities[character] ?? character)),
    // A header's bytes are read as Latin-1.
    Buffer.from(value).toString('latin1'),
  ];
  return new Set([...escapedForms.flatMap((form) => [form, inJson(form), inJson(inJson(form))]), ...encoded]);
}

/**
 * Returns the forms of a value in Base64 and Base64url. Three bytes become four characters, so there are three forms,
 * depending on the length of the text before the value, for example `user:`. Each form has only the characters that do
 * not depend on the surrounding text.
 */
function base64Forms(value: string): string[] {
  const bytes = Buffer.from(value);
  const forms = [0, 1, 2].flatMap((before) => {
    const bits = 8 * (before + bytes.length);
    const [first, last] = [Math.ceil((8 * before) / 6), Math.floor(bits / 6)];
    const padded = Buffer.concat([Buffer.alloc(before), bytes]);
    return (['base64', 'base64url'] as const).map((encoding) => padded.toString(encoding).slice(first, last));
  });
  return forms.flatMap((form) => [form, ...urlForms(form), form.replaceAll('/', '\\/')]);
}

function hexForms(value: string): string[] {
  const lower = Buffer.from(value).toString('hex');
  return [lower, lower.toUpperCase()];
}

/** Returns the encodings of a value in a URL. Programs differ in which characters they encode. */
function urlForms(value: string): string[] {
  const standard = encodeURIComponent(value.toWellFormed());
  const strict = standard.replace(/[!'()*]/g, (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`);
  const all = [standard, strict, inUserInfo(value), strict.replaceAll('%2F', '/'), strict.replaceAll('%20', '+')];
  return all.flatMap((form) => [form, form.replace(/%[\dA-F]{2}/g, (byte) => byte.toLowerCase())]);
}

/** Matches texts without a character that any encoding of text escapes. */
const NEVER_ESCAPED = /^[\w.-]*$/;

const inJson = (text: string): string => JSON.stringify(text).slice(1, -1);

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
  return [password, parameter].flatMap((part) => (part === undefined || part === user ? [] : [decode(part)]));
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
