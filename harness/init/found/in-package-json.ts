import { z } from 'zod';
import { answersInDependencies } from './in-dependencies.ts';
import type { FoundAnswers } from './source.ts';

const packageJson = z.object({
  name: z.string().optional(),
  main: z.string().optional(),
  scripts: z.record(z.string(), z.string()).optional(),
  dependencies: z.record(z.string(), z.string()).optional(),
});

const FROM = 'package.json';

/**
 * Returns the answers in a package.json: the service's name, the command that starts it, and its upstreams.
 *
 * @throws SyntaxError, ZodError
 */
export function answersInPackageJson(text: string): FoundAnswers {
  const { name, main, scripts = {}, dependencies = {} } = packageJson.parse(JSON.parse(text));
  const { start } = scripts;
  return {
    ...(name && { name: { answer: name, from: FROM } }),
    ...(start && { command: { answer: commandOf(start), from: `${FROM}, scripts.start` } }),
    ...(!start && main && { command: { answer: `node ${main}`, from: `${FROM}, main`, isGuess: true } }),
    ...answersInDependencies(Object.keys(dependencies), FROM),
  };
}

/** A contract's command has no shell. Without npm in between, the service gets the signals itself. */
const commandOf = (script: string): string => (/^node [^&|;<>$"'`]+$/.test(script) ? script : 'npm start');
