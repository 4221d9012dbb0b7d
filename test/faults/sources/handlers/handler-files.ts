import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { createHandlersUpstream } from '../../../../faults/sources/handlers/handlers-upstream.ts';
import type { Upstream } from '../../../../faults/upstream/upstream.ts';

const MSW = join(import.meta.dirname, '../../../../node_modules/msw');

/** Creates a folder with these files and msw. It is deleted on disposal. */
export async function folderWith(files: Readonly<Record<string, string>>, msw = MSW) {
  const folder = await mkdtemp(join(tmpdir(), 'proofload-handlers-'));
  for (const [name, content] of Object.entries(files)) {
    await mkdir(dirname(join(folder, name)), { recursive: true });
    await writeFile(join(folder, name), content);
  }
  await mkdir(join(folder, 'node_modules'));
  if (msw) await symlink(msw, join(folder, 'node_modules/msw'));
  return { folder, [Symbol.asyncDispose]: () => rm(folder, { recursive: true }) };
}

/** Serves the handlers in `file` as an upstream. Disposing of it stops the upstream and deletes the files. */
export async function serveHandlers(
  files: Readonly<Record<string, string>>,
  { file = 'handlers.ts', origin }: { file?: string; origin?: string } = {},
): Promise<Upstream & AsyncDisposable> {
  await using cleanup = new AsyncDisposableStack();
  const { folder } = cleanup.use(await folderWith(files));
  const upstream = await createHandlersUpstream({
    file: join(folder, file),
    ...(origin === undefined ? {} : { origin }),
  });
  cleanup.defer(async () => upstream[Symbol.asyncDispose]?.());
  const running = cleanup.move();
  return { ...upstream, [Symbol.asyncDispose]: () => running.disposeAsync() };
}
