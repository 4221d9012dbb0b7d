import { glob } from 'node:fs/promises';
import type { Variable } from './in-environment-file.ts';

/** How to find the variables and routes of a service in code of a programming language. */
export interface Language {
  /** A glob of its files. */
  readonly files: string;
  /** Folders and files that are not part of the service itself. */
  readonly others: RegExp;
  /** Returns the variables that a file reads from the environment. */
  readonly variables: (text: string) => Variable[];
  /** Returns the routes that a file declares: the methods in lower case, and the path with parameters such as `{id}`. */
  readonly routes: (text: string) => { methods: string[]; path: string }[];
}

/** Yields the files of a service in a language, in its folder and the two levels below. */
export async function* filesOf(folder: string, { files, others }: Language): AsyncGenerator<string> {
  for await (const name of glob(files, { cwd: folder, exclude: (path) => others.test(path) })) {
    if (!name.split('/').some((part) => others.test(part))) yield name;
  }
}
