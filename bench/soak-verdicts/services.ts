import { spawnSync } from 'node:child_process';

/** A service of this repository, and what it needs besides Node. */
export interface Service {
  readonly name: string;
  /** The contract's path, relative to the project's folder. */
  readonly contract: string;
  /** A command that succeeds if everything is installed, and the command that installs what is missing. */
  readonly needs?: { readonly command: readonly [string, ...string[]]; readonly install: string };
  /** Needs a Redis server at REDIS_URL. */
  readonly redis?: true;
}

const example = (name: string, file = 'proofload.yaml') => ({ name, contract: `examples/${name}/${file}` });

const PYTHON = ['fastapi', 'uvicorn', 'httpx', 'asyncpg', 'limits', 'circuitbreaker'];

/** The services whose suites are run, in order. */
export const SERVICES: readonly Service[] = [
  { name: 'reference', contract: 'service/proofload.config.ts' },
  example('llm-gateway'),
  {
    ...example('fastapi'),
    needs: {
      command: ['/usr/bin/python3', '-c', `import ${PYTHON.join(', ')}`],
      install: `apt-get install ${PYTHON.map((name) => `python3-${name}`).join(' ')}`,
    },
  },
  {
    ...example('fastify'),
    needs: { command: ['redis-server', '--version'], install: 'apt-get install redis-server' },
    redis: true,
  },
  example('ask-service'),
  example('item-service'),
  example('price-service', 'proofload.config.ts'),
];

/** Returns why a service can't run here, if it can't. */
export function whyNot({ needs }: Service): string | undefined {
  if (!needs) return undefined;
  const [file, ...args] = needs.command;
  return spawnSync(file, args).status === 0 ? undefined : needs.install;
}
