import { hash } from 'node:crypto';
import { z } from 'zod';
import { createDice } from '../../base/dice.ts';
import { MarkedAnswer } from '../../marks/marked-answer.ts';
import { type Answer, TextAnswer } from '../../upstream/text-answer.ts';
import type { Upstream } from '../../upstream/upstream.ts';
import { jsonError } from '../json-error.ts';
import { METHODS, type Operation, type PathItem } from './document.ts';
import { firstAccepted } from './media-type.ts';
import { pathTable } from './path-table.ts';
import { readDocument } from './read-document.ts';
import { type Success, successOf } from './success.ts';

/** Options for `createOpenApiUpstream`. */
export interface OpenApiOptions {
  /** The path to an OpenAPI document: version 2.0, 3.0 or 3.1, in JSON or YAML. */
  readonly file: string;
  /** Determines which of several examples is used for a request. */
  readonly seed: string;
}

/**
 * Creates an upstream that serves the API described by an OpenAPI document. Each operation succeeds: its response is an
 * example from the document, or otherwise a sample generated from its schema, with the headers that the document
 * requires. Requests are not validated. The same request always gets the same response, except for texts that a service
 * can't rely on, which consist of the answer's mark words.
 *
 * @throws Refusal `openapi-unreadable`, `openapi-unsupported`
 */
export async function createOpenApiUpstream({ file, seed }: OpenApiOptions): Promise<Upstream> {
  const document = await readDocument(file);
  const pauses = hash('sha256', seed, 'buffer');
  const findPaths = pathTable(document);
  const successes = new WeakMap<Operation, Success>();
  const success = (operation: Operation): Success => {
    const known = successes.get(operation) ?? successOf(document, operation);
    successes.set(operation, known);
    return known;
  };
  return {
    handlers: [
      {
        answer({ method, headers, number, note }, pathname) {
          const operation = operationOf(findPaths(pathname), method);
          if (!operation) return undefined;
          const marked = number === undefined ? undefined : new MarkedAnswer(number, pauses);
          const accept = headers.get('accept');
          const answered = answer(success(operation), { accept, seed: `${seed} ${method} ${pathname}`, marked });
          if (marked && method !== 'HEAD') note?.({ answer: marked.made });
          return answered;
        },
      },
    ],
    errorResponse: (status) => jsonError(status),
    unknownPath: (method, path) => unknownPath(findPaths(path), method, path),
    settings: {},
    configure: (settings) => void z.strictObject({}).parse(settings),
  };
}

/** HEAD is handled like GET. The server omits the body. */
function operationOf(items: readonly PathItem[], method: string): Operation | undefined {
  const documented = (name: string) => items.find((item) => name in item)?.[name] as Operation | undefined;
  return documented(method.toLowerCase()) ?? (method === 'HEAD' ? documented('get') : undefined);
}

interface Choice {
  readonly accept: string | null;
  readonly seed: string;
  readonly marked: MarkedAnswer | undefined;
}

function answer({ status, headers, contents }: Success, { accept, seed, marked }: Choice): Answer {
  const content = firstAccepted(contents, accept);
  if (!content || [204, 205, 304].includes(status))
    return new Response(null, { status, headers: headers.map(([name, value]): [string, string] => [name, value]) });
  const index = content.count > 1 ? Math.floor(createDice(seed)() * content.count) : 0;
  const answer = new TextAnswer(status, content.type, content.text(index, marked));
  for (const [name, value] of headers) answer.headers.set(name, value);
  return answer;
}

function unknownPath(items: readonly PathItem[], method: string, path: string): Response {
  if (items.length === 0) return jsonError(404, `the document has no path for ${path}`);
  const documented = METHODS.filter((name) => items.some((item) => name in item));
  const allow = documented.map((name) => name.toUpperCase()).join(', ');
  const response = jsonError(405, `the document has no ${method} ${path}; allowed: ${allow}`);
  response.headers.set('allow', allow);
  return response;
}
