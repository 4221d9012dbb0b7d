import { createHash } from 'node:crypto';
import { chmod } from 'node:fs/promises';
import { constants } from 'node:os';
import { basename, dirname } from 'node:path';
import { createInterface } from 'node:readline';
import type { StartedTestContainer } from 'testcontainers';
import { importOptional } from '../../base/import-optional.ts';
import type { Exit } from '../../process/child.ts';
import type { Reaper } from '../../process/reaper.ts';
import type { Container, Launch } from './launch.ts';
import type { Program } from './program.ts';

const NEEDED_BY = 'a service in a container';

/** Images that this process has built, by Dockerfile. */
const built = new Map<string, Promise<string>>();

/**
 * Starts a service in a container. It has the network of this machine, so the addresses of the lab and of its clients
 * are the same inside. The lab's files have the same paths.
 *
 * @throws ProofloadError PACKAGE_MISSING
 * @throws Error from Testcontainers if no container engine responds, or if the image can't be built or pulled
 */
export async function startContainer(
  { container, command, environment }: Launch & { container: Container },
  reaper: Reaper,
  onLine: (line: string) => void,
): Promise<Program> {
  const { GenericContainer, getContainerRuntimeClient } = await importOptional('testcontainers', NEEDED_BY);
  const [folder = ''] = container.mounts;
  // The user in the container may be another one.
  await chmod(folder, 0o777);
  const ended = Promise.withResolvers<void>();
  const image = new GenericContainer(await imageOf(container))
    .withNetworkMode('host')
    .withEnvironment(environment)
    .withBindMounts(
      container.mounts.map((path) => ({ source: path, target: path, mode: path === folder ? 'rw' : 'ro' })),
    )
    .withLogConsumer((stream) => {
      createInterface({ input: stream }).on('line', onLine).once('close', ended.resolve);
    });
  const started = await (command.length > 0 ? image.withCommand(command) : image).start();
  const id = started.getId();
  reaper.rememberContainer(id);
  const { container: engine } = await getContainerRuntimeClient();
  const handle = engine.getById(id);
  let running = true;
  const exited = handle.wait().then(async ({ StatusCode: status }: { StatusCode: number }) => {
    running = false;
    await ended.promise;
    await remove(started);
    reaper.forgetContainer(id);
    return exitOf(status);
  });
  const signal = (name: NodeJS.Signals) => handle.kill({ signal: name }).catch(() => {}); // it has already ended
  return {
    pid: undefined,
    get running() {
      return running;
    },
    exited,
    async stop(graceMs = 5_000, name = 'SIGTERM') {
      if (running) await signal(name);
      const timer = setTimeout(() => signal('SIGKILL'), graceMs);
      return exited.finally(() => clearTimeout(timer));
    },
  };
}

const remove = (container: StartedTestContainer): Promise<unknown> =>
  container.stop({ remove: true, removeVolumes: true });

/** Returns the image, which is built once per process if the contract names a Dockerfile. */
function imageOf({ image, dockerfile = '' }: Container): Promise<string> {
  if (image !== undefined) return Promise.resolve(image);
  const building = built.get(dockerfile) ?? build(dockerfile);
  built.set(dockerfile, building);
  return building;
}

async function build(dockerfile: string): Promise<string> {
  const { GenericContainer } = await importOptional('testcontainers', NEEDED_BY);
  const tag = `localhost/proofload-service-${createHash('sha256').update(dockerfile).digest('hex').slice(0, 12)}:latest`;
  const builder = GenericContainer.fromDockerfile(dirname(dockerfile), basename(dockerfile));
  await builder.build(tag, { deleteOnExit: false });
  return tag;
}

/** If a signal ended the program, the exit code is 128 plus the signal's number. */
function exitOf(status: number): Exit {
  const found = Object.entries(constants.signals).find(([, number]) => number === status - 128);
  return found ? { code: null, signal: found[0] as NodeJS.Signals } : { code: status, signal: null };
}
