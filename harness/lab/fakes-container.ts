import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { StartedTestContainer } from 'testcontainers';
import { Refusal } from '../../faults/base/refusal.ts';
import { bearer } from '../../faults/control/guard.ts';
import { faultFiles } from '../../faults/own/fault-files.ts';
import type { DeclaredUpstreams } from '../../mocks/declared-upstream.ts';
import { FIRST_CONTAINER_PORT } from '../../mocks/flags.ts';
import { fetchDirectly } from '../base/fetch-directly.ts';
import { importOptional } from '../base/import-optional.ts';
import type { Reaper } from '../process/reaper.ts';
import { buildFakesImage } from './fakes-image.ts';
import type { RunningFakes } from './fakes-process.ts';

/** The file inside the container that declares the upstreams. */
const DECLARED = '/fakes/upstreams.json';

/** Returns the ports inside a container: one for the control API, one for each upstream, and one for the proxy. */
const portsFor = (upstreams: DeclaredUpstreams): number[] =>
  Array.from({ length: 2 + Object.keys(upstreams).length }, (_, index) => FIRST_CONTAINER_PORT + index);

/**
 * Starts upstreams in a container, using the image named by `FAKES_IMAGE` or a newly built one. Its ports are published
 * on this machine. With `FAKES_NETWORK=host`, it uses the machine's network instead. This is the only way for resets
 * and refused connections to reach clients unchanged, because the container engine's proxy for published ports
 * terminates connections itself.
 *
 * @throws Refusal `not-in-container`
 * @throws ProofloadError USAGE if an installed package has no `FAKES_IMAGE`
 * @throws Error from Testcontainers if no container engine responds, or if the image can't be built or pulled
 */
export async function startFakesContainer(reaper: Reaper, upstreams: DeclaredUpstreams): Promise<RunningFakes> {
  refuseUnreachable(upstreams);
  const name = process.env.FAKES_IMAGE || (await buildFakesImage());
  const { GenericContainer, Wait } = await importOptional('testcontainers', 'FAKES=container');
  await using resources = new AsyncDisposableStack();
  const image = new GenericContainer(name);
  const program = ['node', 'mocks/main.ts', '--upstreams', DECLARED];
  const placed = isOnHost()
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
    const url = new URL(origin);
    return isOnHost() ? origin : origin.replace(url.host, `127.0.0.1:${container.getMappedPort(Number(url.port))}`);
  };
  const control = published(ready.control);
  const { token, proxy } = ready;
  const ca = join(folder, 'ca.pem');
  await writeFile(ca, await (await fetchDirectly(`${control}/ca.pem`, { headers: bearer(token) })).text());
  const origins = Object.entries(ready.upstreams).map(([name, origin]) => [name, published(origin)]);
  const running = resources.move();
  return {
    control,
    token,
    upstreams: Object.fromEntries(origins),
    ...(proxy !== undefined && { proxy: published(proxy) }),
    ca,
    [Symbol.asyncDispose]: () => running.disposeAsync(),
  };
}

const isOnHost = (): boolean => process.env.FAKES_NETWORK === 'host';

/** @throws Refusal `not-in-container` for the first fault or upstream whose files or server it can't access */
function refuseUnreachable(upstreams: DeclaredUpstreams): void {
  const [fault] = faultFiles;
  if (fault !== undefined) {
    throw new Refusal('not-in-container', `a container can't access the file ${fault}; allowed: FAKES=process`);
  }
  for (const [name, upstream] of Object.entries(upstreams)) {
    if ('openapi' in upstream) throw notInContainer(name, `it needs the file ${upstream.openapi}`);
    if ('handlers' in upstream) throw notInContainer(name, `it needs the file ${upstream.handlers}`);
    const server = serverOf(upstream);
    if (server !== undefined && isLoopback(server) && !isOnHost()) {
      throw notInContainer(name, `it needs ${server} (allowed with FAKES_NETWORK=host)`);
    }
  }
}

/** Returns the URL of the server behind an upstream, if there is one. */
function serverOf(upstream: DeclaredUpstreams[string]): string | undefined {
  if ('tcp' in upstream) return `tcp://${upstream.tcp}`;
  return 'forward' in upstream ? upstream.forward : undefined;
}

const isLoopback = (url: string): boolean => /^(127\.|localhost$|\[::1\]$)/.test(new URL(url).hostname);

const notInContainer = (name: string, why: string): Refusal =>
  new Refusal('not-in-container', `the upstream "${name}" can't run in a container: ${why}; allowed: FAKES=process`);

async function readyLine(
  container: StartedTestContainer,
): Promise<Pick<RunningFakes, 'control' | 'token' | 'upstreams' | 'proxy'>> {
  for await (const line of createInterface({ input: await container.logs() })) {
    if (line.startsWith('{"ready":true')) return JSON.parse(line);
  }
  throw new Error("the container's log ended before the fakes were ready");
}
