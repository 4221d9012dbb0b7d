import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { StartedTestContainer } from 'testcontainers';
import { bearer } from '../../faults/control/guard.ts';
import type { DeclaredUpstreams } from '../../mocks/declared-upstream.ts';
import { FIRST_CONTAINER_PORT } from '../../mocks/flags.ts';
import type { Reaper } from '../process/reaper.ts';
import { buildFakesImage } from './fakes-image.ts';
import type { RunningFakes } from './fakes-process.ts';

/** The file inside the container that declares the upstreams. */
const DECLARED = '/fakes/upstreams.json';

/** Returns the ports inside a container: that of the control API, and one for each upstream. */
const portsFor = (upstreams: DeclaredUpstreams): number[] =>
  Array.from({ length: 1 + Object.keys(upstreams).length }, (_, index) => FIRST_CONTAINER_PORT + index);

/**
 * Starts upstreams in a container, from the image that `FAKES_IMAGE` names or from a newly built one. Its ports are
 * published on this machine. With `FAKES_NETWORK=host` it uses the machine's network instead: only then do resets and
 * refused connections reach clients unchanged, because the engine's proxy for published ports terminates connections
 * itself.
 *
 * @throws the error of Testcontainers if no container engine responds, or if the image can't be built or pulled
 */
export async function startFakesContainer(reaper: Reaper, upstreams: DeclaredUpstreams): Promise<RunningFakes> {
  const { GenericContainer, Wait } = await import('testcontainers');
  await using resources = new AsyncDisposableStack();
  const onHost = process.env.FAKES_NETWORK === 'host';
  const image = new GenericContainer(process.env.FAKES_IMAGE ?? (await buildFakesImage()));
  const program = ['node', 'mocks/main.ts', '--upstreams', DECLARED];
  const placed = onHost
    ? image.withNetworkMode('host').withCommand(program)
    : image.withExposedPorts(...portsFor(upstreams)).withCommand([...program, '--in-container']);
  placed.withCopyContentToContainer([{ content: JSON.stringify(upstreams), target: DECLARED }]);
  const container = await placed.withWaitStrategy(Wait.forLogMessage(/^\{"ready":true/)).start();
  reaper.rememberContainer(container.getId());
  resources.defer(async () => {
    await container.stop();
    reaper.forgetContainer(container.getId());
  });
  const folder = await mkdtemp(join(tmpdir(), 'proofload-fakes-'));
  reaper.rememberFolder(folder);
  resources.defer(async () => {
    await rm(folder, { recursive: true, force: true });
    reaper.forgetFolder(folder);
  });
  const ready = await readyLine(container);
  const published = (origin: string) => {
    const { protocol, port } = new URL(origin);
    return onHost ? origin : `${protocol}//127.0.0.1:${container.getMappedPort(Number(port))}`;
  };
  const control = published(ready.control);
  const { token } = ready;
  const ca = join(folder, 'ca.pem');
  await writeFile(ca, await (await fetch(`${control}/ca.pem`, { headers: bearer(token) })).text());
  const origins = Object.entries(ready.upstreams).map(([name, origin]) => [name, published(origin)]);
  const running = resources.move();
  return {
    control,
    token,
    upstreams: Object.fromEntries(origins),
    ca,
    [Symbol.asyncDispose]: () => running.disposeAsync(),
  };
}

async function readyLine(
  container: StartedTestContainer,
): Promise<Pick<RunningFakes, 'control' | 'token' | 'upstreams'>> {
  for await (const line of createInterface({ input: await container.logs() })) {
    if (line.startsWith('{"ready":true')) return JSON.parse(line);
  }
  throw new Error("the container's log ended before the fakes were ready");
}
