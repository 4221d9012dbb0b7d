import { glob, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parse } from 'smol-toml';
import { z } from 'zod';
import { answersInDependencies } from './in-dependencies.ts';
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

const APPLICATION = /^(\w+)\s*(?::[^=\n]+)?=\s*(?:fastapi\.)?FastAPI\(/m;

/** Returns the command that starts the FastAPI application in a folder, if exactly one is found. */
export async function answersInPythonFiles(folder: string): Promise<FoundAnswers> {
  const found: { path: string; application: string }[] = [];
  for await (const path of glob('{*,*/*,src/*/*}.py', {
    cwd: folder,
    exclude: (name) => /^(test|\.|venv)/.test(name),
  })) {
    const application = APPLICATION.exec(await readFile(join(folder, path), 'utf8'))?.[1];
    if (application) found.push({ path, application });
  }
  const [only] = found;
  if (only === undefined || found.length > 1) return {};
  const isInSource = only.path.startsWith('src/');
  const module = only.path
    .replace(/^src\//, '')
    .replace(/\.py$/, '')
    .replaceAll('/', '.');
  const words = ['uvicorn', ...(isInSource ? ['--app-dir', 'src'] : []), `${module}:${only.application}`];
  const from = only.path;
  return {
    command: { answer: `${words.join(' ')} --host 127.0.0.1 --port \${port}`, from },
    portSetting: { answer: 'none', from },
  };
}
