import { glob } from 'node:fs/promises';
import type { FoundLimiter } from './code/found-limiter.ts';
import { answersInOperations, type Operation } from './operations.ts';
import { firstOf, type Source } from './source.ts';

/** Where a text says something. */
interface Place {
  readonly file: string;
  readonly text: string;
  readonly index: number;
}

/** A route in a language that is not parsed. */
interface RoutePattern {
  readonly files: RegExp;
  readonly pattern: RegExp;
  /** Returns the method and the path in a match. */
  readonly operation: (match: RegExpMatchArray) => readonly [method: string, path: string];
}

const fromNames = ({ groups }: RegExpMatchArray): readonly [string, string] => [
  (groups?.method ?? 'get').toUpperCase(),
  groups?.path ?? '',
];

const ROUTES: readonly RoutePattern[] = [
  // Sinatra, and the routes of Rails
  {
    files: /\.(rb|ru)$/,
    pattern: /^[ \t]*(?<method>get|post|put|patch|delete)[ (]+['"](?<path>\/[^'"]*)['"][^\n]*(?:\bdo\b|\bto:|=>)/gm,
    operation: fromNames,
  },
  // Spring
  {
    files: /\.(java|kt)$/,
    pattern: /@(?<method>Get|Post|Put|Patch|Delete)Mapping\(\s*(?:(?:value|path)\s*=\s*)?\{?"(?<path>\/[^"]*)"/g,
    operation: fromNames,
  },
  // Javalin and Spark
  {
    files: /\.(java|kt)$/,
    pattern: /\b(?:app|server|router)?\.?\b(?<method>get|post|put|patch|delete)\(\s*"(?<path>\/[^"]*)"\s*,/g,
    operation: fromNames,
  },
  // The server of the JDK, whose contexts have no method
  { files: /\.(java|kt)$/, pattern: /\.createContext\(\s*"(?<path>\/[^"]*)"/g, operation: fromNames },
];

const FILES = '{*,*/*,*/*/*,src/main/**/*}.{rb,ru,java,kt}';
const ELSEWHERE = /(^|\/)(node_modules|vendor|results|target|build|out|test|tests|spec|\..*)$/;

/**
 * Returns a source for the routes, the limits and the retries in Ruby and Java, which are looked for by their text: what
 * is found is certain enough to suggest it, with its line.
 *
 * @param textIn Returns the text of a file in the folder, or undefined if there is none that can be read.
 */
export async function answersInTexts(
  folder: string,
  textIn: (name: string) => Promise<string | undefined>,
): Promise<{ source: Source; limiters: FoundLimiter[] }> {
  const texts: { file: string; text: string }[] = [];
  for (const file of (
    await Array.fromAsync(glob(FILES, { cwd: folder, exclude: (path) => ELSEWHERE.test(path) }))
  ).sort()) {
    const text = await textIn(file);
    if (text !== undefined) texts.push({ file, text });
  }
  const operations = texts.flatMap(operationsIn);
  const [retry] = texts.flatMap(({ file, text }) => {
    const found = /\brequest\s+:retry\b[^\n]*?\bmax:\s*(\d+)/.exec(text);
    return found ? [{ answer: String(1 + Number(found[1])), from: at({ file, text, index: found.index }) }] : [];
  });
  const aboutRetries: Source = (question, { upstreams = '' }) =>
    /\.attempts$/.test(question) && upstreams.trim().split(/\s+/).length === 1 ? retry : undefined;
  return { source: firstOf([answersInOperations(operations), aboutRetries]), limiters: rackLimits(texts, operations) };
}

const at = ({ file, text, index }: Place): string => `${file}:${text.slice(0, index).split('\n').length}`;

function operationsIn({ file, text }: { file: string; text: string }): Operation[] {
  return ROUTES.filter(({ files }) => files.test(file)).flatMap(({ pattern, operation }) => {
    const matches = [...text.matchAll(pattern)];
    return matches.map((match, index) => {
      const [method, path] = operation(match);
      const body = /^(POST|PUT|PATCH)$/.test(method)
        ? bodyIn(
            text
              .slice(match.index, matches[index + 1]?.index)
              .split('\n')
              .slice(1)
              .join('\n'),
          )
        : undefined;
      return { method, path: path.replace(/:(\w+)/g, '{$1}'), from: at({ file, text, index: match.index }), body };
    });
  });
}

/** Returns a body with the fields that a block of Ruby reads, or undefined if it reads none. Constants are no bodies. */
function bodyIn(block: string): string | undefined {
  const isJson = /JSON\.parse\(/.test(block);
  const pattern = isJson
    ? /(?<=[a-z\d_)])(?:\.fetch\(|\[)\s*(?:'(\w+)'|"(\w+)"|:(\w+))\s*[\])]/g
    : /\bparams(?:\.fetch\(|\[)\s*['":](\w+)['"]?\s*[\])]/g;
  const fields = [...new Set([...block.matchAll(pattern)].map((found) => found.slice(1).find(Boolean) ?? ''))];
  if (fields.length === 0) return undefined;
  const values = fields.map((field) => [field, 'hello ${unique}'] as const);
  return isJson ? JSON.stringify(Object.fromEntries(values)) : values.map((pair) => pair.join('=')).join('&');
}

const THROTTLE = /\bthrottle\(?\s*['"][^'"]*['"],\s*limit:\s*(\d+),\s*period:\s*(\d+)(?:\.(\w+))?\)?([\s\S]{0,200})/g;

/** The limits of Rack::Attack. Their windows follow the clock, and each counts all requests of a client together. */
const rackLimits = (
  texts: readonly { file: string; text: string }[],
  operations: readonly Operation[],
): FoundLimiter[] =>
  texts.flatMap(({ file, text }) =>
    [...text.matchAll(THROTTLE)].flatMap((match) => {
      const [, max, period, unit = 'seconds', block = ''] = match;
      const routes = routesIn(block, operations);
      if (routes.length === 0) return [];
      const seconds = Number(period) * (/^hour/.test(unit) ? 3_600 : /^minute/.test(unit) ? 60 : 1);
      const client = /\b(req|request)\.ip\b/.test(block) ? 'socket' : undefined;
      const from = at({ file, text, index: match.index });
      return [
        { from, max: { value: Number(max) }, seconds: { value: seconds }, client, routes, window: 'clock' as const },
      ];
    }),
  );

/** Returns the routes that a block of Rack::Attack limits: those that its condition names, or all others. */
function routesIn(block: string, operations: readonly Operation[]): Operation[] {
  const body = block.split(/\n\s*end\b|\}\s*\n/)[0] ?? '';
  const [, condition, path] = /\b(if|unless)\b[^\n]*?\.path\s*==\s*['"]([^'"]+)['"]/.exec(body) ?? [];
  if (condition === undefined) return [...operations];
  const method = /\.(get|post|put|patch|delete)\?/.exec(body)?.[1]?.toUpperCase();
  const isNamed = (operation: Operation) =>
    operation.path === path && (method === undefined || operation.method === method);
  return operations.filter((operation) => isNamed(operation) === (condition === 'if'));
}
