/** An element of a DER structure (X.690). */
export interface DerElement {
  readonly tag: number;
  readonly body: Buffer;
}

/** Splits the content of a constructed element. The input must be valid, for example because OpenSSL has parsed it. */
export function derElements(bytes: Buffer): DerElement[] {
  const found: DerElement[] = [];
  for (let at = 0; at < bytes.length; ) {
    const tag = bytes[at] as number;
    const first = bytes[at + 1] as number;
    const size = first > 0x7f ? first & 0x7f : 0;
    const start = at + 2 + size;
    const length = size === 0 ? first : bytes.readUIntBE(at + 2, size);
    found.push({ tag, body: bytes.subarray(start, start + length) });
    at = start + length;
  }
  return found;
}

/** Decodes an object identifier, such as `2.5.4.3`. */
export function derOid({ body }: DerElement): string {
  const parts: number[] = [];
  let part = 0;
  for (const byte of body) {
    part = part * 0x80 + (byte & 0x7f);
    if (byte > 0x7f) continue;
    parts.push(part);
    part = 0;
  }
  const [first = 0, ...others] = parts;
  const root = Math.min(2, Math.floor(first / 40));
  return [root, first - root * 40, ...others].join('.');
}

const UTF16 = 0x1e;
const T61 = 0x14;

/** Decodes a string of any of the types that certificates use. */
export function derText({ tag, body }: DerElement): string {
  if (tag === UTF16) return Buffer.from(body).swap16().toString('utf16le');
  return body.toString(tag === T61 ? 'latin1' : 'utf8');
}
