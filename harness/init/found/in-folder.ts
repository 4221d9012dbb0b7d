import { existsSync } from 'node:fs';
import { glob } from 'node:fs/promises';
import { join } from 'node:path';
import { readText } from '../../../faults/base/read-text.ts';
import { readDocument } from '../../../faults/sources/openapi/read-document.ts';
import { isSystemError, messageOf } from '../../base/errors.ts';
import { Code, type Variable } from './code/code.ts';
import { go } from './code/go.ts';
import { javascript } from './code/javascript.ts';
import { python } from './code/python.ts';
import { type Language, type Module, readModule } from './code/syntax.ts';
import { aboutLimits, answersInCode } from './in-code.ts';
import { answersInCommands, pythonTool } from './in-commands.ts';
import { answersInDocument } from './in-document.ts';
import { answersInVariables, variablesIn } from './in-environment-file.ts';
import {
  answersInGoModule,
  answersInJvmBuild,
  answersInPackageJson,
  answersInPyproject,
  answersInRequirements,
  otherRuntime,
} from './in-manifests.ts';
import { answersInMigrations } from './in-migrations.ts';
import { limitsInNginx } from './in-nginx.ts';
import { answersInTexts } from './in-texts.ts';
import { listedEndpoints } from './operations.ts';
import { runtimeInCommand } from './runtime-in-command.ts';
import { type FoundAnswer, type FoundAnswers, firstOf, type Source, sourceOf } from './source.ts';

type Read = (text: string, name: string, folder: string) => FoundAnswers;

const inPackageJson: Read = (text, name, folder) =>
  answersInPackageJson(text, name, (path) => existsSync(join(folder, path)));

/** Files with answers. A package.json in a folder of another language may only be for tools. */
const MANIFESTS: Readonly<Record<string, Read>> = {
  'go.mod': answersInGoModule,
  'pyproject.toml': answersInPyproject,
  'requirements.txt': answersInRequirements,
  'pom.xml': answersInJvmBuild,
  'build.gradle': answersInJvmBuild,
  'build.gradle.kts': answersInJvmBuild,
  Gemfile: otherRuntime('ruby'),
  'composer.json': otherRuntime('other'),
  'Cargo.toml': otherRuntime('other'),
  'package.json': inPackageJson,
};
const EXAMPLES = ['.env.example', '.env.sample', '.env.template', 'env.example', '.env.dist'];

const DOCUMENTS = ['openapi', 'docs/openapi', 'api/openapi', 'swagger'].flatMap((name) =>
  ['yaml', 'yml', 'json'].map((extension) => `${name}.${extension}`),
);

/** A file that is larger is generated, and not read. */
const MOST_CHARACTERS = 300_000;

/**
 * Returns a source for the answers in a service's folder: in an example of its environment, its manifest, its OpenAPI
 * document, the scripts that start it, and its code. A file that can't be parsed has no answers, because
 * `proofload init` then asks.
 *
 * @param unread Is called with a message for each file that can't be read or parsed.
 */
export async function answersInFolder(folder: string, unread: (message: string) => void): Promise<Source> {
  const sources: Source[] = [];
  const textIn = textsIn(folder, unread);
  for (const [name, read] of Object.entries(MANIFESTS)) {
    const text = await textIn(name);
    if (text === undefined) continue;
    try {
      sources.push(sourceOf(read(text, name, folder)));
    } catch (error) {
      unread(`${name} can't be read, so it is ignored: ${(error as Error).message.split('\n')[0]}`);
    }
  }
  const example = await firstThatExists(textIn, EXAMPLES);
  const examples = example ? variablesIn(example.text, example.name) : [];
  const code = await codeIn(folder, textIn, examples);
  const document = await firstThatExists(textIn, DOCUMENTS);
  try {
    if (document) sources.push(answersInDocument(await readDocument(join(folder, document.name)), document.name));
  } catch (error) {
    unread(`${document?.name} is ignored: ${(error as Error).message}`);
  }
  const others = await upstreamDocuments(folder, textIn, document?.name);
  const variables = [
    ...examples,
    ...code.variables().filter(({ name }) => !examples.some((other) => other.name === name)),
  ];
  const bare = new Code(code.modules, {}).variables().filter(({ value }) => value === '');
  sources.push(sourceOf(answersInVariables(variables, { code: code.modules, documents: others, bare })));
  sources.unshift(sourceOf(await answersInCommands(folder, textIn, code)));
  const tool = (name: string) => pythonTool(folder, name);
  sources.push(sourceOf(await answersInMigrations(folder, textIn, { code: code.modules, tool })));
  const texts = await answersInTexts(folder, textIn);
  const found = firstOf([...sources, answersInCode(code), texts.source, aboutLimits(texts.limiters)]);
  const command = found('command', {});
  const operations = listedEndpoints(found('endpoints', {})?.answer ?? '').map(({ endpoint }) => {
    const [method = '', path = ''] = endpoint.split(' ');
    return { method, path };
  });
  const proxied = await limitsInNginx(textIn, operations, command?.answer ?? 'the command');
  return firstOf([sourceOf(await answersInStart(command, textIn)), found, aboutLimits(proxied)]);
}

/** Returns what runs the service, by the command that starts it, or by the script that this runs. */
async function answersInStart(command: FoundAnswer | undefined, textIn: TextIn): Promise<FoundAnswers> {
  if (!command) return {};
  const [, script] = /^(?:(?:ba)?sh )?(\S+)$/.exec(command.answer) ?? [];
  const runtime = runtimeInCommand((script && (await textIn(script))) ?? command.answer);
  return runtime === undefined ? {} : { runtime: { answer: runtime, from: `${command.from}, starts it` } };
}

/** Reads the code in a folder and the three levels below. */
async function codeIn(folder: string, textIn: TextIn, examples: readonly Variable[]): Promise<Code> {
  const modules: Module[] = [];
  for (const language of [javascript, python, go]) {
    for await (const name of filesOf(folder, language)) {
      const text = await textIn(name);
      if (text !== undefined && text.length <= MOST_CHARACTERS) modules.push(readModule(language, name, text));
    }
  }
  modules.sort((a, b) => a.file.split('/').length - b.file.split('/').length || (a.file < b.file ? -1 : 1));
  return new Code(modules, Object.fromEntries(examples.map(({ name, value }) => [name, value])));
}

async function* filesOf(folder: string, { files, others }: Language): AsyncGenerator<string> {
  for await (const name of glob(files, { cwd: folder, exclude: (path) => others.test(path) })) {
    if (!name.split('/').some((part) => others.test(part))) yield name;
  }
}

/** Returns the OpenAPI documents in a folder and the one below, except the service's own. */
async function upstreamDocuments(folder: string, textIn: TextIn, own: string | undefined): Promise<string[]> {
  const found: string[] = [];
  for await (const name of glob('{*,*/*}.{yaml,yml,json}', {
    cwd: folder,
    exclude: (path) => /^(\.|node_modules$|results$)/.test(path),
  })) {
    if (name === own || /^(package|tsconfig|proofload)/.test(name)) continue;
    const text = await textIn(name);
    if (text && /^\s*["{]?\s*["']?(openapi|swagger)["']?\s*:/m.test(text.slice(0, 500))) found.push(name);
  }
  return found.sort();
}

/** Returns the text of a file, or undefined if there is none that can be read. */
type TextIn = (name: string) => Promise<string | undefined>;

/** Reads the files of a folder. Names each one once that is there but can't be read, such as a pipe. */
function textsIn(folder: string, unread: (message: string) => void): TextIn {
  const named = new Set<string>();
  return (name) =>
    readText(join(folder, name)).catch((error) => {
      const isMissing = isSystemError(error) && (error.code === 'ENOENT' || error.code === 'ENOTDIR');
      if (!isMissing && !named.has(name)) unread(`${name} is ignored: ${messageOf(error)}`);
      named.add(name);
      return undefined;
    });
}

async function firstThatExists(textIn: TextIn, names: readonly string[]) {
  for (const name of names) {
    const text = await textIn(name);
    if (text !== undefined) return { name, text };
  }
  return undefined;
}
