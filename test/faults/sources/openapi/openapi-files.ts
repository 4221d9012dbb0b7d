import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createOpenApiUpstream } from '../../../../faults/sources/openapi/openapi-upstream.ts';
import type { Upstream } from '../../../../faults/upstream/upstream.ts';

/** Creates a folder with these files. It is deleted on disposal. */
export async function documents(files: Readonly<Record<string, string>>) {
  const folder = await mkdtemp(join(tmpdir(), 'proofload-openapi-'));
  for (const [name, content] of Object.entries(files)) await writeFile(join(folder, name), content);
  return { folder, [Symbol.asyncDispose]: () => rm(folder, { recursive: true }) };
}

/** Creates an upstream from a document with these fields. An object is written as JSON, and a string as YAML. */
export async function serveDocument(document: object | string, seed = 'x'): Promise<Upstream> {
  const text = typeof document === 'string' ? document : JSON.stringify({ openapi: '3.1.0', ...document });
  await using files = await documents({ api: text });
  return await createOpenApiUpstream({ file: join(files.folder, 'api'), seed });
}

/** Creates paths with one operation each, whose response has this content. */
export const contents = (byPath: Readonly<Record<string, object>>, status = '200') => ({
  paths: Object.fromEntries(
    Object.entries(byPath).map(([path, content]) => [path, { get: { responses: { [status]: { content } } } }]),
  ),
});
