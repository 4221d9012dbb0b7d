import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { readDocument } from '../../../faults/sources/openapi/read-document.ts';
import { answersInCode } from './in-code.ts';
import { answersInDocument } from './in-document.ts';
import { answersInEnvironment } from './in-environment-file.ts';
import { answersInGoModule } from './in-go-module.ts';
import { answersInPackageJson } from './in-package-json.ts';
import { answersInPyproject, answersInPythonFiles, answersInRequirements } from './in-python-project.ts';
import { type FoundAnswers, firstOf, type Source, sourceOf } from './source.ts';

/** Files with answers. The first of several names that exists is read. */
const FILES: readonly { names: readonly string[]; answers: (text: string, name: string) => FoundAnswers }[] = [
  { names: ['.env.example', '.env.sample', '.env.template'], answers: answersInEnvironment },
  { names: ['package.json'], answers: answersInPackageJson },
  { names: ['pyproject.toml'], answers: answersInPyproject },
  { names: ['requirements.txt'], answers: answersInRequirements },
  { names: ['go.mod'], answers: answersInGoModule },
];

const DOCUMENTS = ['openapi', 'docs/openapi', 'api/openapi', 'swagger'].flatMap((name) =>
  ['yaml', 'yml', 'json'].map((extension) => `${name}.${extension}`),
);

/**
 * Returns a source for the answers in a service's folder: in an example of its environment, its package.json,
 * pyproject.toml, requirements.txt or go.mod, its OpenAPI document, and its JavaScript or Python. A file that can't be
 * parsed has no answers, because `proofload init` then asks.
 *
 * @param unread Is called with a message for each file that can't be parsed.
 */
export async function answersInFolder(folder: string, unread: (message: string) => void): Promise<Source> {
  const sources: Source[] = [];
  for (const { names, answers } of FILES) {
    const file = await firstThatExists(folder, names);
    if (file === undefined) continue;
    try {
      sources.push(sourceOf(answers(file.text, file.name)));
    } catch (error) {
      unread(`${file.name} can't be read, so it is ignored: ${(error as Error).message.split('\n')[0]}`);
    }
  }
  sources.push(sourceOf(await answersInPythonFiles(folder)));
  const document = await firstThatExists(folder, DOCUMENTS);
  try {
    if (document) sources.push(answersInDocument(await readDocument(join(folder, document.name)), document.name));
  } catch (error) {
    unread(`${document?.name} is ignored: ${(error as Error).message}`);
  }
  sources.push(await answersInCode(folder));
  return firstOf(sources);
}

async function firstThatExists(folder: string, names: readonly string[]) {
  for (const name of names) {
    const text = await readFile(join(folder, name), 'utf8').catch(() => undefined);
    if (text !== undefined) return { name, text };
  }
  return undefined;
}
