import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parse } from 'smol-toml';
import { z } from 'zod';
import { answersInDependencies } from './in-dependencies.ts';
import { filesOf } from './language.ts';
import { python } from './python.ts';
import type { FoundAnswers } from './source.ts';

const pyproject = z.object({
  project: z.object({ name: z.string().optional(), dependencies: z.array(z.string()).optional() }).optional(),
  tool: z
    .object({
      poetry: z.object({ name: z.string().optional(), dependencies: z.record(z.string(), z.unknown()).optional() }),
    })
    .partial()
    .optional(),
});

/**
 * Returns the answers in a pyproject.toml (PEP 621, or Poetry's): the service's name and its upstreams.
 *
 * @throws TomlError, ZodError
 */
export function answersInPyproject(text: string): FoundAnswers {
  const from = 'pyproject.toml';
  const { project, tool } = pyproject.parse(parse(text));
  const name = project?.name ?? tool?.poetry?.name;
  const names = [
    ...(project?.dependencies ?? []).map(nameOf),
    ...Object.keys(tool?.poetry?.dependencies ?? {}).map(nameOf),
  ];
  return { ...(name && { name: { answer: name, from } }), ...answersInDependencies(names, from) };
}

/** Returns the upstreams of a requirements.txt. */
export const answersInRequirements = (text: string): FoundAnswers =>
  answersInDependencies(text.split('\n').map(nameOf), 'requirements.txt');

/** Returns the package's name in a requirement such as `groq[aiohttp]>=1.0; python_version > "3.8"`. */
const nameOf = (requirement: string): string => (/^[\w.-]+/.exec(requirement.trim())?.[0] ?? '').toLowerCase();

/** `app = FastAPI(…)`. */
const ASGI = /^(\w+)\s*(?::[^=\n]+)?=\s*(?:fastapi\.)?FastAPI\(/m;
/** `app = Flask(…)`, `app = create_app(…)`, or `application = get_wsgi_application()` in Django. */
const WSGI = /^(\w+)\s*(?::[^=\n]+)?=\s*(?:(?:flask\.)?Flask|create_app|get_wsgi_application)\(/m;

/**
 * Returns the command that starts the application in a folder, if exactly one is found: with uvicorn for FastAPI. Flask
 * and Django don't come with a server, so gunicorn is only a guess.
 */
export async function answersInPythonFiles(folder: string): Promise<FoundAnswers> {
  const found: { path: string; application: string; isWsgi: boolean }[] = [];
  for await (const path of filesOf(folder, python)) {
    const text = await readFile(join(folder, path), 'utf8');
    const asgi = ASGI.exec(text)?.[1];
    const application = asgi ?? WSGI.exec(text)?.[1];
    if (application) found.push({ path, application, isWsgi: asgi === undefined });
  }
  const [only] = found;
  if (only === undefined || found.length > 1) return {};
  const isInSource = only.path.startsWith('src/');
  const module = only.path
    .replace(/^src\//, '')
    .replace(/(\/__init__)?\.py$/, '')
    .replaceAll('/', '.');
  const application = `${module}:${only.application}`;
  const from = { from: only.path, isGuess: only.isWsgi };
  const command = only.isWsgi
    ? `gunicorn${isInSource ? ' --chdir src' : ''} ${application} --bind 127.0.0.1:\${port}`
    : `uvicorn${isInSource ? ' --app-dir src' : ''} ${application} --host 127.0.0.1`;
  // All users of a machine can read command lines. Therefore, the environment has the port if the server can read it
  // there.
  return {
    command: { answer: command, ...from },
    portSetting: { answer: only.isWsgi ? 'none' : 'UVICORN_PORT', ...from },
  };
}
