import { GoError } from '../base/errors.ts';

/**
 * Decodes Base64 the way Go does: ignores line breaks and rejects any other invalid character.
 *
 * @param isUrlSafe Whether 62 and 63 are `-` and `_` instead of `+` and `/`.
 * @param isPadded Whether `=` must pad the last group. If false, padding is rejected.
 * @throws GoError with the position of the error as a byte offset
 */
export function decodeBase64(text: string, isUrlSafe: boolean, isPadded: boolean): Buffer {
  const wrong = wrongAt(text, isUrlSafe ? /[\w-]/ : /[A-Za-z\d+/]/, isPadded);
  if (wrong !== undefined) throw new GoError(`illegal base64 data at input byte ${wrong}`);
  return Buffer.from(text, isUrlSafe ? 'base64url' : 'base64');
}

function wrongAt(text: string, alphabet: RegExp, isPadded: boolean): number | undefined {
  let digits = 0;
  for (let at = 0; at < text.length; at += 1) {
    const char = text[at] as string;
    if (char === '\r' || char === '\n') continue;
    if (isPadded && char === '=') return wrongPadding(text, at, digits % 4);
    if (!alphabet.test(char)) return at;
    digits += 1;
  }
  const over = digits % 4;
  return over === 1 || (isPadded && over > 0) ? text.length - over : undefined;
}

/** @param filled The number of digits in the last group. */
function wrongPadding(text: string, at: number, filled: number): number | undefined {
  if (filled < 2) return at;
  const skipped = (from: number) => from + (/^[\r\n]*/.exec(text.slice(from))?.[0].length ?? 0);
  let end = skipped(at + 1);
  if (filled === 2) {
    if (end === text.length) return end;
    if (text[end] !== '=') return end - 1;
    end = skipped(end + 1);
  }
  return end < text.length ? end : undefined;
}
