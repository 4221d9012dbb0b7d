import type { FoundAnswers } from './source.ts';

const FROM = 'go.mod';

/** Returns the answers in a go.mod: the service's name, and the program that `go build` writes. */
export function answersInGoModule(text: string): FoundAnswers {
  const [, path = ''] = /^module\s+"?([^\s"]+)/m.exec(text) ?? [];
  // The last element of a path may be its major version.
  const name = path
    .replace(/\/v\d+$/, '')
    .split('/')
    .at(-1);
  if (!name) return {};
  return {
    name: { answer: name, from: FROM },
    command: { answer: `./${name}`, from: FROM, isGuess: true },
  };
}
