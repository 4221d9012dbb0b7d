import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { OpenApiDocument } from '../../../faults/sources/openapi/document.ts';
import { answersInDocument } from './in-document.ts';
import { answersInVariables, type Variable } from './in-environment-file.ts';
import { javascript } from './javascript.ts';
import { filesOf, type Language } from './language.ts';
import { python } from './python.ts';
import { firstOf, type Source, sourceOf } from './source.ts';

/**
 * Returns a source for the answers in a service's code: the variables that it reads, and its routes. Routes are only
 * guesses.
 */
export const answersInCode = async (folder: string): Promise<Source> =>
  firstOf(await Promise.all([javascript, python].map((language) => answersIn(folder, language))));

async function answersIn(folder: string, language: Language): Promise<Source> {
  const variables = new Map<string, Variable>();
  const paths: Record<string, Record<string, object>> = {};
  const from: string[] = [];
  const texts: string[] = [];
  for await (const name of filesOf(folder, language)) {
    const text = await readFile(join(folder, name), 'utf8');
    const read = language.variables(text);
    const routes = language.routes(text);
    if (read.length + routes.length > 0) from.push(name);
    texts.push(text);
    for (const variable of read) if (!variables.get(variable.name)?.value) variables.set(variable.name, variable);
    for (const { methods, path } of routes) {
      paths[path] = { ...paths[path], ...Object.fromEntries(methods.map((method) => [method, {}])) };
    }
  }
  if (from.length === 0) return sourceOf({});
  const where = from.sort().join(', ');
  const described = answersInDocument({ openapi: '3.1.0', paths } as OpenApiDocument, where);
  const routed: Source = (question, earlier) => {
    const found = described(question, earlier);
    return found && { ...found, isGuess: true };
  };
  return firstOf([sourceOf(answersInVariables([...variables.values()], where, texts.join('\n'))), routed]);
}
