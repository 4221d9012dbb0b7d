import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import { loadContract } from '../../../../harness/contract/load.ts';
import reference from '../../../../service/proofload.config.ts';
import { temporaryFile } from '../../../support/temporary-folder.ts';

async function written(contract: unknown): Promise<string> {
  return temporaryFile('contract.json', JSON.stringify(contract));
}

const ready = { readyPath: '/health', readySeconds: 5 };

test.each([
  ['neither a command nor where it runs', ready, 'start: needs one of command, container and running'],
  [
    'both',
    { ...ready, command: ['x'], running: { url: 'http://127.0.0.1:80' } },
    'start: running excludes command, container and workers',
  ],
  [
    'a worker',
    { ...ready, workers: { jobs: ['x'] }, running: { url: 'http://127.0.0.1:80' } },
    'start: running excludes command, container and workers',
  ],
  ['no scheme', { ...ready, running: { url: '127.0.0.1:80' } }, 'start.running.url: must be an address'],
  ['credentials', { ...ready, running: { url: 'http://a:b@127.0.0.1' } }, 'start.running.url: must be an address'],
  ['a path', { ...ready, running: { url: 'http://127.0.0.1:80/v1' } }, 'start.running.url: must be an address'],
  ['no host', { ...ready, running: { url: 'http://:80' } }, 'start.running.url: must have a host'],
  ['no usable port', { ...ready, running: { url: 'http://127.0.0.1:0' } }, 'start.running.url: must have a host'],
])('rejects a running service with %s', async (_, start, problem) => {
  await expect(loadContract(await written({ ...reference, start }))).rejects.toThrow(problem);
});

test.each(['http://127.0.0.1:8000', 'http://127.0.0.1', 'http://127.8.9.10:80/', 'https://staging.example.org'])(
  'a service may run at %s',
  async (url) => {
    const contract = await loadContract(await written({ ...reference, start: { ...ready, running: { url } } }));
    expect(contract.start).toMatchObject({ running: { url } });
  },
);

test.each([
  ['neither an image nor a Dockerfile', { container: {} }, 'start.container: needs an image or a dockerfile'],
  ['both', { container: { image: 'a', dockerfile: 'b' } }, 'start.container: needs an image or a dockerfile'],
  ['a working folder', { container: { image: 'a' }, cwd: '..' }, 'start: cwd excludes container: WORKDIR sets it'],
])('rejects a container with %s', async (_, start, problem) => {
  await expect(loadContract(await written({ ...reference, start: { ...ready, ...start } }))).rejects.toThrow(problem);
});

test("a Dockerfile is found from the contract's folder, and a container needs no command", async () => {
  const path = await written({
    ...reference,
    // Only processes can be stopped for a moment.
    frozen: undefined,
    start: { ...ready, container: { dockerfile: 'docker/Dockerfile' } },
  });
  const { start } = await loadContract(path);
  expect(start.container).toEqual({ dockerfile: join(dirname(path), 'docker/Dockerfile') });
  expect(start).not.toHaveProperty('cwd');
});

test('placeholders in the commands of workers are checked', async () => {
  const start = { ...ready, command: ['serve'], workers: { jobs: ['work', '${redis}'] } };
  const refused = loadContract(await written({ ...reference, start }));
  await expect(refused).rejects.toThrow('start.workers.jobs.1: ${redis} is unknown');
});
