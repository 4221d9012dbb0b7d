import { CORE_SCHEMA, load, mergeTag } from 'js-yaml';

/** js-yaml reads GitHub's API description (10 MB) seven times faster than `yaml`. Dates remain strings. */
const SCHEMA = CORE_SCHEMA.withTags(mergeTag);

/** Mappings with fewer characters are parsed at once. */
const SMALL = 2_048;

/** Converts a parser's error to the error to throw. */
type Convert = (error: Error) => Error;

/** A part of a YAML text. */
interface Part {
  readonly source: { readonly text: string; readonly convert: Convert };
  readonly start: number;
  readonly end: number;
}

/** An entry of a block mapping: its key, and the lines from the key to the next entry. */
interface Entry extends Part {
  readonly key: string;
  /** The position of the value, if it is in the lines below the key. */
  readonly below: number | undefined;
}

/**
 * Parses a YAML document. The values of large mappings in block style are parsed when they are first read, because an
 * API description of several megabytes mostly consists of operations that nobody calls.
 *
 * @throws The converted error if it is not valid. For an error in such a value, this happens when the value is read.
 */
export function parseYaml(text: string, convert: Convert): unknown {
  const [opening = ''] = BEFORE_DOCUMENT.exec(text) ?? [];
  const whole = { source: { text, convert }, start: opening.length, end: text.length };
  // An alias may be in a different part than its anchor.
  return ANCHOR.test(text) ? parsed({ ...whole, start: 0 }) : mappingOf(whole);
}

/** Matches comments and the line that starts a document. */
const BEFORE_DOCUMENT = /^(?:#.*\n)*---[ \t]*\r?\n/;
const ANCHOR = /(?:^|[:\-,[{])[ \t]+&[\w-]+(?=\s)/m;

function parsed({ source: { text, convert }, start, end }: Part): unknown {
  try {
    return load(text.slice(start, end), { schema: SCHEMA });
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    const before = text.slice(0, start).split('\n').length - 1;
    if (before > 0) error.message += `; the part begins at line ${before + 1}`;
    throw convert(error);
  }
}

/** Returns the value of a part that is a mapping in block style, or otherwise parses it. */
function mappingOf(part: Part): unknown {
  const entries = part.end - part.start < SMALL ? undefined : entriesOf(part);
  if (!entries) return parsed(part);
  const mapping = {};
  for (const entry of entries) {
    let read: { value: unknown } | undefined;
    // To replace the property by its value would take seconds if there are thousands.
    Object.defineProperty(mapping, entry.key, {
      enumerable: true,
      get() {
        read ??= { value: readEntry(entry) };
        return read.value;
      },
    });
  }
  return mapping;
}

function readEntry(entry: Entry): unknown {
  const { source, below, end } = entry;
  if (below !== undefined && end - below >= SMALL) return mappingOf({ source, start: below, end });
  return Object.values(parsed(entry) as object)[0];
}

/** Returns the entries of a mapping, or undefined if the part is not a simple mapping in block style. */
function entriesOf({ source, start, end }: Part): Entry[] | undefined {
  const { text } = source;
  const entries: Entry[] = [];
  const keys = new Set<string>();
  let indent: number | undefined;
  let open: Omit<Entry, 'end'> | undefined;
  for (let at = start; at < end; ) {
    const newline = text.indexOf('\n', at);
    const lineEnd = newline === -1 || newline > end ? end : newline;
    let first = at;
    while (text.charCodeAt(first) === SPACE) first += 1;
    if (hasContent(text, first, lineEnd)) {
      indent ??= first - at;
      if (first - at < indent) return undefined;
      if (first - at === indent && !isItem(text, first)) {
        const { key, isAlone } = keyOf(text.slice(first, lineEnd)) ?? {};
        if (key === undefined || keys.has(key)) return undefined;
        keys.add(key);
        if (open) entries.push({ ...open, end: at });
        open = { key, source, start: at, below: isAlone ? lineEnd + 1 : undefined };
      } else if (!open) return undefined;
    }
    at = lineEnd + 1;
  }
  if (open) entries.push({ ...open, end });
  return open && entries;
}

const [SPACE, HASH, DASH, RETURN] = [' ', '#', '-', '\r'].map((one) => one.charCodeAt(0));

/** Whether a line is neither empty nor a comment. */
const hasContent = (text: string, first: number, lineEnd: number): boolean =>
  first < lineEnd && text.charCodeAt(first) !== HASH && text.charCodeAt(first) !== RETURN;

/** Whether a line begins an item of a sequence. The sequence may have the same indentation as its key. */
const isItem = (text: string, first: number): boolean =>
  text.charCodeAt(first) === DASH && /\s/.test(text.charAt(first + 1));

/** Matches keys that are quoted without an escape, or plain texts that are neither numbers nor other special values. */
const KEY = /^(?:"([^"\\]*)"|'([^']*)'|([A-Za-z_$/][^\s'"#:]*(?::[^\s'"#:]+)*|[1-9]\d{0,8}))[ \t]*:(?:\s|$)/;
const SPECIAL = /^(?:null|true|false)$/i;

/** Returns the key of a line, and whether nothing but a comment follows. Returns undefined if the key isn't simple. */
function keyOf(line: string): { key: string; isAlone: boolean } | undefined {
  const [matched = '', double, single, plain] = KEY.exec(line) ?? [];
  const key = double ?? single ?? plain;
  if (key === undefined || (plain !== undefined && SPECIAL.test(plain))) return undefined;
  return { key, isAlone: /^\s*(#.*)?$/.test(line.slice(matched.length)) };
}
