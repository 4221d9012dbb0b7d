import { readFile } from 'node:fs/promises';
import { afterAll } from 'vitest';
import { bearer } from '../../faults/control/guard.ts';
import type { Fakes } from '../../faults/fakes/start-fakes.ts';
import { startFakesContainer } from '../../harness/lab/fakes-container.ts';
import type { RunningFakes } from '../../harness/lab/fakes-process.ts';
import { Reaper } from '../../harness/process/reaper.ts';
import { type Kind, oneOfEachKind } from '../../mocks/declared-upstream.ts';

const resources = new AsyncDisposableStack();
let container: Promise<RunningFakes> | undefined;

afterAll(() => resources.disposeAsync());

/** Resets the fakes in this test file's container and returns them. Disposing of them doesn't stop the container. */
export async function containedFakes(): Promise<Fakes<Kind>> {
  container ??= startFakesContainer(resources.use(new Reaper()), oneOfEachKind).then((started) =>
    resources.use(started),
  );
  const { control, token, upstreams, ca } = await container;
  const reset = await fetch(`${control}/reset`, { method: 'POST', headers: bearer(token) });
  if (!reset.ok) throw new Error(`the fakes were not reset: ${await reset.text()}`);
  return {
    control,
    token,
    upstreams: upstreams as Fakes<Kind>['upstreams'],
    ca: await readFile(ca, 'utf8'),
    [Symbol.asyncDispose]: async () => {},
  };
}
