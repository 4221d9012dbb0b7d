import { glob, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { OpenApiDocument } from '../../../faults/sources/openapi/document.ts';
import { answersInDocument } from './in-document.ts';
import { answersInVariables, type Variable } from './in-environment-file.ts';
import { firstOf, type Source, sourceOf } from './source.ts';

const SOURCES = '{*,*/*,src/*/*}.{js,mjs,cjs,ts,mts}';
/** Folders and files that are not part of the service itself. */
const OTHERS = /^(\.|node_modules$|dist$|build$|coverage$|tests?$|proofload)|\.(test|spec|config|d)\.\w+$/;

/** `process.env.NAME` or `process.env['NAME']`, with the text or number that replaces it if it is unset. */
const READ = /\bprocess\.env(?:\.(\w+)|\[(['"])(\w+)\2\])(?:\s*(?:\?\?|\|\|)\s*(?:(['"`])([^'"`\n]*)\4|(\d+)))?/g;
/** `const { NAME, OTHER = 'value' } = process.env`. */
const TAKEN = /\{([^{}]*)\}\s*=\s*process\.env\b/g;
const TAKEN_NAME = /(?:^|,)\s*(\w+)(?:\s*:\s*\w+)?(?:\s*=\s*['"`]([^'"`\n]*)['"`])?/g;
/** `app.get('/path'` in Express, Fastify, Hono and others. The paths of routers are not known to be complete. */
const ROUTE = /\b(?:app|server|fastify)\.(get|post|put|patch|delete)\(\s*(['"`])(\/[^'"`\n]*)\2/g;

/**
 * Returns a source for the answers in a service's JavaScript or TypeScript: the variables that it reads from
 * `process.env`, and its routes. Routes are only guesses.
 */
export async function answersInJavaScript(folder: string): Promise<Source> {
  const variables = new Map<string, Variable>();
  const paths: Record<string, Record<string, object>> = {};
  const from: string[] = [];
  for await (const name of glob(SOURCES, { cwd: folder, exclude: (one) => OTHERS.test(one) })) {
    if (name.split('/').some((part) => OTHERS.test(part))) continue;
    const text = await readFile(join(folder, name), 'utf8');
    const read = variablesIn(text);
    const routes = [...text.matchAll(ROUTE)];
    if (read.length + routes.length > 0) from.push(name);
    for (const variable of read) if (!variables.get(variable.name)?.value) variables.set(variable.name, variable);
    for (const [, method = '', , path = ''] of routes) {
      const described = path.replace(/:(\w+)/g, '{$1}');
      paths[described] = { ...paths[described], [method]: {} };
    }
  }
  if (from.length === 0) return sourceOf({});
  const where = from.sort().join(', ');
  const described = answersInDocument({ openapi: '3.1.0', paths } as OpenApiDocument, where);
  const routed: Source = (question, earlier) => {
    const found = described(question, earlier);
    return found && { ...found, isGuess: true };
  };
  return firstOf([sourceOf(answersInVariables([...variables.values()], where)), routed]);
}

function variablesIn(text: string): Variable[] {
  const read = [...text.matchAll(READ)].map(([, name, , quoted, , words, number]) => ({
    name: name ?? quoted ?? '',
    value: words ?? number ?? '',
  }));
  const taken = [...text.matchAll(TAKEN)].flatMap(([, names = '']) =>
    [...names.matchAll(TAKEN_NAME)].map(([, name = '', value = '']) => ({ name, value })),
  );
  return [...read, ...taken];
}
