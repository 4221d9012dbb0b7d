import { parse } from 'smol-toml';
import { z } from 'zod';
import type { Provider } from '../../../faults/fakes/provider.ts';
import { providers } from '../../../mocks/providers.ts';
import type { FoundAnswer, FoundAnswers } from './source.ts';

/** Returns the line of a text, as `file:line`, or the file if it isn't there. */
const placeOf = (text: string, part: string, file: string): string => {
  const index = text.indexOf(part);
  return index === -1 ? file : `${file}:${text.slice(0, index).split('\n').length}`;
};

const packageJson = z.object({
  name: z.string().optional(),
  main: z.string().optional(),
  scripts: z.record(z.string(), z.string()).optional(),
  dependencies: z.record(z.string(), z.string()).optional(),
});

/**
 * Returns the answers in a package.json: the service's name, the command that starts it, and its upstreams.
 *
 * @param exists Whether the folder has a file.
 * @throws SyntaxError, ZodError
 */
export function answersInPackageJson(text: string, file: string, exists: (path: string) => boolean): FoundAnswers {
  const { name, main, scripts = {}, dependencies = {} } = packageJson.parse(JSON.parse(text));
  const script = ['start', 'dev', 'serve'].find((name) => scripts[name] !== undefined);
  const command = script && commandOf(scripts[script] ?? '', script, exists);
  const start = (answer: string, part: string, isGuess: boolean): FoundAnswer => ({
    answer,
    from: placeOf(text, part, file),
    isGuess,
  });
  return {
    runtime: { answer: 'node', from: file, ...(Object.keys(dependencies).length === 0 && { isGuess: true }) },
    ...(name && { name: { answer: name, from: placeOf(text, '"name"', file) } }),
    ...(!command && main && exists(main) && { command: start(`node ${main}`, '"main"', true) }),
    ...(command && { command: start(command, `"${script}"`, script !== 'start') }),
    ...answersInDependencies(Object.keys(dependencies), text, file),
  };
}

/** Returns the command of a script. A contract's command has no shell. Without npm in between, the service gets signals itself. */
function commandOf(script: string, name: string, exists: (path: string) => boolean): string {
  const plain = script
    .replace(/^nodemon /, 'node ')
    .replace(/^node --watch(-path=\S+)? /, 'node ')
    .replace(/^(tsx|bun) watch /, '$1 ');
  const [first = ''] = plain.split(' ');
  const isSimple = !/[&|;<>$"'`]|^\w+=/.test(plain);
  if (isSimple && first === 'node') return plain;
  if (isSimple && /^[\w-]+$/.test(first) && exists(`node_modules/.bin/${first}`)) return `node_modules/.bin/${plain}`;
  return name === 'start' ? 'npm start' : `npm run ${name}`;
}

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
export function answersInPyproject(text: string, file: string): FoundAnswers {
  const { project, tool } = pyproject.parse(parse(text));
  const name = project?.name ?? tool?.poetry?.name;
  const names = [...(project?.dependencies ?? []), ...Object.keys(tool?.poetry?.dependencies ?? {})].map(packageIn);
  return {
    ...PYTHON(file),
    ...(name && { name: { answer: name, from: placeOf(text, 'name', file) } }),
    ...answersInDependencies(names, text, file),
  };
}

/** Returns the upstreams of a requirements.txt. */
export const answersInRequirements = (text: string, file: string): FoundAnswers => ({
  ...PYTHON(file),
  ...answersInDependencies(text.split('\n').map(packageIn), text, file),
});

const PYTHON = (from: string): FoundAnswers => ({ runtime: { answer: 'python', from } });

/** Returns the package's name in a requirement such as `groq[aiohttp]>=1.0; python_version > "3.8"`. */
const packageIn = (requirement: string): string => (/^[\w.-]+/.exec(requirement.trim())?.[0] ?? '').toLowerCase();

/** Returns the answers in a go.mod: the service's name. */
export function answersInGoModule(text: string, file: string): FoundAnswers {
  const [, path = ''] = /^module\s+"?([^\s"]+)/m.exec(text) ?? [];
  // The last element of a path may be its major version.
  const name = path
    .replace(/\/v\d+$/, '')
    .split('/')
    .at(-1);
  return {
    runtime: { answer: 'go', from: file },
    ...(name && { name: { answer: name, from: placeOf(text, 'module', file) } }),
  };
}

/** Returns the answers in a build file of a JVM: a jar that starts it can't be told from it. */
export const answersInJvmBuild = (text: string, file: string): FoundAnswers => {
  const [, name] = /<artifactId>([\w.-]+)<\/artifactId>/.exec(text.replace(/<parent>[\s\S]*?<\/parent>/, '')) ?? [];
  return { runtime: { answer: 'java', from: file }, ...(name && { name: { answer: name, from: file } }) };
};

/** Returns a reader of a manifest that says only what runs the service. */
export const otherRuntime =
  (answer: string) =>
  (_: string, file: string): FoundAnswers => ({ runtime: { answer, from: file } });

/** Returns the answers that a service's dependencies give: the providers whose clients it uses, and their retries. */
function answersInDependencies(names: readonly string[], text: string, file: string): FoundAnswers {
  const used = Object.entries<Provider>(providers).flatMap(([kind, { usage }]) => {
    const name = usage.packages.find((other) => names.includes(other));
    return name === undefined
      ? []
      : [{ kind, from: placeOf(text, name, file), isSdk: usage.sdk?.packages.includes(name) }];
  });
  if (used.length === 0) return {};
  const retries = used
    .filter(({ isSdk }) => isSdk)
    .map(({ kind, from }) => [
      `${kind}.attempts`,
      { answer: '3', from: `${from}, repeats a failed call twice`, isGuess: true },
    ]);
  return {
    upstreams: {
      answer: used.map(({ kind }) => kind).join(' '),
      from: used.map(({ from }) => from).join(', '),
      isGuess: true,
    },
    ...Object.fromEntries(retries),
  };
}
