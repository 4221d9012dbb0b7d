import { spawnSync } from 'node:child_process';
import { usage } from './usage.ts';

/** The reference service or an example. */
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

const FLASK = ['gunicorn', 'flask', 'flask_limiter', 'redis', 'requests', 'psycopg'];
const packageOf = (module: string): string => `python3-${module.replace('_', '-')}`;

/** The reference service and the examples, in the order in which their suites are run. */
const SERVICES: readonly Service[] = [
  { name: 'reference', contract: 'service/proofload.config.ts' },
  example('llm-gateway'),
  example('agent'),
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
  {
    ...example('flask'),
    needs: {
      command: ['/bin/sh', '-c', `redis-server --version && /usr/bin/python3 -c 'import ${FLASK.join(', ')}'`],
      install: `apt-get install redis-server gunicorn ${FLASK.slice(1).map(packageOf).join(' ')}`,
    },
    redis: true,
  },
  { ...example('nginx'), needs: { command: ['/usr/sbin/nginx', '-v'], install: 'apt-get install nginx-light' } },
  { ...example('haproxy'), needs: { command: ['/usr/sbin/haproxy', '-v'], install: 'apt-get install haproxy' } },
  example('ask-service'),
  example('item-service'),
  example('price-service', 'proofload.config.ts'),
];

/** Returns the service of a contract, with a name that can be that of a folder. */
const ofContract = (contract: string): Service => ({ name: contract.replaceAll(/\W+/g, '-'), contract });

/**
 * Returns the services with these names, or all, without those that can't run here. Prints what these need. A name with a
 * slash is the path of a contract. An unknown name ends the process.
 */
export function chosenServices(names: readonly string[] | undefined): Service[] {
  const paths = names?.filter((name) => name.includes('/')) ?? [];
  const unknown = names?.find((name) => !paths.includes(name) && !SERVICES.some((service) => service.name === name));
  if (unknown !== undefined)
    usage(
      `SERVICE=${unknown}: allowed: the path of a contract, and any of ${SERVICES.map(({ name }) => name).join(', ')}`,
    );
  const chosen = [...SERVICES.filter(({ name }) => !names || names.includes(name)), ...paths.map(ofContract)];
  return chosen.filter((service) => {
    const install = whyNot(service);
    if (install !== undefined) console.log(`without ${service.name}, which needs: ${install}`);
    return install === undefined;
  });
}

/** Returns why a service can't run here, if it can't. */
function whyNot({ needs }: Service): string | undefined {
  if (!needs) return undefined;
  const [file, ...args] = needs.command;
  return spawnSync(file, args).status === 0 ? undefined : needs.install;
}

/** Returns the words of an environment variable, or undefined if it has none. */
export function words(name: string): string[] | undefined {
  const found = process.env[name]?.split(/\s+/).filter(Boolean) ?? [];
  return found.length > 0 ? found : undefined;
}
