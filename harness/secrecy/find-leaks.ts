/**
 * Finds secrets, stack traces and absolute paths in what a service produces. Scripts use it too, so it must run in k6:
 * it imports nothing.
 */

/** The secrets and internals that must not be shown. */
export interface LeakTargets {
  readonly secrets: readonly SecretTarget[];
  /** Folders on this machine, such as the service's working directory. */
  readonly folders: readonly string[];
}

/** A secret to search for. */
interface SecretTarget {
  /** Its name in reports, such as the setting that contains it. */
  readonly name: string;
  /** Its value in all encodings, beginning with the plain one. */
  readonly forms: readonly string[];
}

/** The kinds of internals that a response can reveal about the service's code and machine. */
export const INTERNALS = ['stack-trace', 'path'] as const;

/** The name of a signed token of a caller. Its value is not known, so it is recognized by its form. */
export const TOKEN = 'JWT';

/** The beginning of a generated key, which distinguishes callers whose keys contain the same secret. */
export const keyPrefix = (number: number): string => `key${number}-`;
const KEY_PREFIX_AT_END = /key\d+-$/;
const PREFIX_LENGTH = 10;

/** A regular expression per search, which matches all forms. In V8, it is much faster than a search for each form. */
const expressions = new WeakMap<LeakTargets, RegExp>();

/**
 * Whether a text may contain a secret. k6 has no `RegExp.escape`, and searches for strings much faster than for regular
 * expressions.
 */
function mayShow(text: string, targets: LeakTargets): boolean {
  if (!('escape' in RegExp) || targets.secrets.length === 0) return targets.secrets.length > 0;
  const expression =
    expressions.get(targets) ?? new RegExp(targets.secrets.flatMap(({ forms }) => forms.map(RegExp.escape)).join('|'));
  expressions.set(targets, expression);
  return expression.test(text);
}

/**
 * Returns the names of the secrets in a text, except those that `sent` contains: a caller may see its own key again,
 * but not that of another caller.
 */
export function secretsIn(text: string, targets: LeakTargets, sent: () => string = () => ''): string[] {
  if (!mayShow(text, targets)) return [];
  return targets.secrets
    .filter(({ forms }) => hasAny(text, forms) && !(hasAny(sent(), forms) && isOwn(text, forms, sent())))
    .map(({ name }) => name);
}

/** Whether each occurrence of a secret belongs to the same key as in the request. */
const isOwn = (text: string, forms: readonly string[], sent: string): boolean =>
  forms.every((form) =>
    text
      .split(form)
      .slice(0, -1)
      .every((before) => {
        const [prefix] = KEY_PREFIX_AT_END.exec(before.slice(-PREFIX_LENGTH)) ?? [];
        return prefix === undefined || sent.includes(prefix + form);
      }),
  );

const hasAny = (text: string, parts: readonly string[]): boolean => parts.some((part) => text.includes(part));

/** A header and a payload that are JSON objects, and a signature. */
const SIGNED_TOKEN = /\beyJ[\w-]{8,}\.eyJ[\w-]{8,}\.[\w-]{20,}/;

/** Whether a text contains a signed JWT. Without its signature, a token is worthless and not reported. */
export const showsToken = (text: string): boolean => SIGNED_TOKEN.test(text);

/** The end of a path to a source file, and a line number, as in stack traces of Node, Ruby, PHP, Go, Rust and .NET. */
const SOURCE_LINE =
  /\.(?:[cm]?[jt]sx?|py|rb|php|go|rs|cs|exs?)(?::(?:line )?\d|\(\d+\)|(?:\\?"|&quot;|&#34;), line \d)/g;
/** An absolute path or file URL at the end of a text. It begins after a character that web addresses don't contain. */
const PATH_AT_END = /(?:^|[^:/\w]|file:\/\/)(?:\/(?!\/)|[A-Z]:\\{1,2})[^\s"'<>()|&;]*$/;
/** Maximum length of such a path. */
const PATH_LENGTH = 300;

const showsSourceLine = (body: string): boolean =>
  [...body.matchAll(SOURCE_LINE)].some(({ index }) =>
    PATH_AT_END.test(body.slice(Math.max(0, index - PATH_LENGTH), index)),
  );

const IN_PYTHON = /Traceback \(most recent call last\)/;
const IN_NODE = /\bnode:[\w/]{2,60}:\d+:\d+/;
/** A tab before the line may be escaped. A module may be named before the class: `java.base/java.lang.Thread.run`. */
const IN_JAVA = /(?:\b|\\t)at [\w$./@<>-]{3,300}\([\w$]+\.(?:java|kt|scala|groovy):\d+\)/;
const IN_GO = /\bgoroutine \d+ \[/;
const TRACES = [IN_PYTHON, IN_NODE, IN_JAVA, IN_GO];
/** Each stack trace contains one of these texts. k6 finds a text far sooner than an expression. */
const TRACE_HINTS = [
  'js:',
  'ts:',
  'jsx:',
  'tsx:',
  'rb:',
  'py:',
  'php:',
  'php(',
  'go:',
  'rs:',
  'cs:',
  'ex:',
  'exs:',
  'node:',
  'java:',
  'kt:',
  'scala:',
  'groovy:',
  '", line ',
  '&quot;, line ',
  '&#34;, line ',
  'Traceback',
  'goroutine ',
];

/** Paths that occur on most servers. In a successful response, they may be content. */
const OF_SERVER = /(?:^|[^:/\w.-])\/(?:etc|usr|var|opt|srv|proc)\/[\w.-]{2,}/;

const SERVER_HINTS = ['/etc/', '/usr/', '/var/', '/opt/', '/srv/', '/proc/'];

/**
 * Returns what a response's body reveals about the service's code and machine.
 *
 * @param isError Whether the response reports an error.
 * @param sent Returns what the caller sent. A path in it doesn't count.
 */
export function internalsIn(
  body: string,
  { folders }: LeakTargets,
  isError: boolean,
  sent: () => string,
): (typeof INTERNALS)[number][] {
  const isTrace = hasAny(body, TRACE_HINTS) && (TRACES.some((trace) => trace.test(body)) || showsSourceLine(body));
  const isPath = hasAny(body, folders) || (isError && hasAny(body, SERVER_HINTS) && showsPath(body, sent));
  return [...(isTrace ? ['stack-trace' as const] : []), ...(isPath ? ['path' as const] : [])];
}

function showsPath(body: string, sent: () => string): boolean {
  const [found] = OF_SERVER.exec(body) ?? [];
  return found !== undefined && !sent().includes(found.slice(found.indexOf('/')));
}
