/** Characters that Go leaves unescaped in each part of a URL. All others are escaped byte by byte. */
const KEPT = {
  path: /[\w\-.~$&+,/:;=@]/,
  user: /[\w\-.~$&+,;=]/,
  fragment: /[\w\-.~$&+,/:;=?@!()*]/,
  host: /[\w\-.~!$&'()*+,;=:[\]<>"]/,
} as const;

export type UrlPart = keyof typeof KEPT;

/** Escapes a string or bytes for a part of a URL the way Go does. */
export function escapePart(text: string | Uint8Array, part: UrlPart): string {
  let escaped = '';
  for (const byte of Buffer.from(text as string)) {
    const char = String.fromCharCode(byte);
    escaped += KEPT[part].test(char) ? char : `%${byte.toString(16).toUpperCase().padStart(2, '0')}`;
  }
  return escaped;
}

/**
 * Unescapes a part of a URL.
 *
 * @throws Error with Go's message for an invalid escape or host
 */
export function unescapePart(text: string, part: UrlPart): Buffer {
  const bytes: Buffer[] = [];
  for (const [piece] of text.matchAll(/%.{0,2}|[^%]+/gsu)) {
    if (!piece.startsWith('%')) {
      const wrong = part === 'host' ? [...piece].find((char) => char < '\x80' && !KEPT.host.test(char)) : undefined;
      if (wrong !== undefined) throw new Error(`invalid character ${JSON.stringify(wrong)} in host name`);
      bytes.push(Buffer.from(piece));
      continue;
    }
    const code = /^%[\da-f]{2}$/i.test(piece) ? Number.parseInt(piece.slice(1), 16) : undefined;
    // In a host, only non-ASCII bytes may be escaped.
    if (code === undefined || (part === 'host' && code < 0x80 && code !== 0x25))
      throw new Error(`invalid URL escape ${JSON.stringify(piece)}`);
    bytes.push(Buffer.of(code));
  }
  return Buffer.concat(bytes);
}

/** Encodes a query or form as Go's `url.Values` does: sorted by name. */
export function encodeQuery(values: [name: string, value: string][]): string {
  const query = new URLSearchParams(values);
  query.sort();
  // Unlike the web's standard, Go escapes `*` and leaves `~`.
  return query.toString().replaceAll('*', '%2A').replaceAll('%7E', '~');
}

/** Returns a path or fragment as Go writes it. If nothing in it needs escaping, it is returned unchanged. */
export function escapedAsGiven(given: string, part: 'path' | 'fragment'): string {
  const plain = part === 'path' ? /^[\w\-.~!$&'()*+,;=:@/[\]%]*$/ : /^[\w\-.~!$&'()*+,;=:@/?[\]%]*$/;
  const meant = unescapePart(given, part);
  return plain.test(given) ? given : escapePart(meant, part);
}
