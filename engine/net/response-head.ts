import { canonicalHeaderName, TOKEN } from './header-name.ts';

/** Header values by lower-case name. A name that occurs more than once has a list of values. */
type WireHeaders = Readonly<Record<string, string | readonly string[] | undefined>>;

/** A response head. Responses with equal heads share one object, so it must not be modified. */
export interface ResponseHead {
  /** The protocol in Go's spelling, such as `HTTP/1.1`. */
  readonly proto: string;
  readonly status: number;
  readonly statusText: string;
  /** The status and its text as exposed to scripts, such as `200 OK`. */
  readonly statusLine: string;
  readonly headers: WireHeaders;
  /** Headers as exposed to scripts: by canonical name, with multiple values joined. */
  readonly joined: Readonly<Record<string, string>>;
  readonly framing: Framing;
  /** Whether the connection stays open after the response, unless closing it marks the end of the body. */
  readonly keepsAlive: boolean;
}

/** How the end of the body is determined (RFC 9112, section 6.3). A number is the length in bytes. */
type Framing = number | 'chunked' | 'close';

const STATUS_LINE = /^HTTP\/1\.([01]) (\d{3})(?: ([^\r\n]*))?$/;

export const NO_HEAD: ResponseHead = {
  proto: '',
  status: 0,
  statusText: '',
  statusLine: '',
  headers: {},
  joined: {},
  framing: 0,
  keepsAlive: false,
};

/**
 * Parses a response head.
 *
 * @param text The head without the final empty line.
 * @returns undefined if the text is not HTTP/1.
 */
export function parseHead(text: string): ResponseHead | undefined {
  // Line folding is obsolete and equivalent to a space.
  const lines = text.replace(/\r\n[ \t]+/g, ' ').split('\r\n');
  const [, minor, status, statusText = ''] = STATUS_LINE.exec(lines[0] ?? '') ?? [];
  if (status === undefined) return undefined;
  const headers: Record<string, string | string[]> = {};
  for (const line of lines.slice(1)) {
    const colon = line.indexOf(':');
    const name = line.slice(0, colon);
    if (colon < 1 || !TOKEN.test(name)) return undefined;
    add(headers, name.toLowerCase(), line.slice(colon + 1).trim());
  }
  const joined = join(headers);
  // Go removes this header except from HTTP/1.0 responses.
  if (minor === '1' && /\bclose\b/i.test(joined.Connection ?? '')) delete joined.Connection;
  const framing = framingOf(headers);
  if (framing === undefined) return undefined;
  const connection = String(headers.connection ?? '').toLowerCase();
  const keepsAlive = minor === '1' ? !connection.includes('close') : connection.includes('keep-alive');
  return {
    proto: `HTTP/1.${minor}`,
    status: Number(status),
    statusText,
    statusLine: `${status} ${statusText}`.trim(),
    headers,
    joined,
    framing,
    keepsAlive,
  };
}

/** Returns headers as exposed to scripts. */
export function join(headers: WireHeaders): Record<string, string> {
  const joined: Record<string, string> = {};
  for (const [name, value] of Object.entries(headers))
    joined[canonicalHeaderName(name)] = [value ?? []].flat().join(', ');
  return joined;
}

function add(headers: Record<string, string | string[]>, name: string, value: string): void {
  const earlier = headers[name];
  // One response may have a hundred thousand.
  if (Array.isArray(earlier)) earlier.push(value);
  else headers[name] = earlier === undefined ? value : [earlier, value];
}

function framingOf(headers: WireHeaders): Framing | undefined {
  const coding = headers['transfer-encoding'];
  if (coding !== undefined) return /\bchunked$/i.test([coding].flat().join(', ')) ? 'chunked' : 'close';
  const lengths = new Set([headers['content-length'] ?? []].flat());
  if (lengths.size === 0) return 'close';
  const [length = ''] = lengths;
  return lengths.size === 1 && /^\d{1,15}$/.test(length) ? Number(length) : undefined;
}
