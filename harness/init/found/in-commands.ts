import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Code } from './code/code.ts';
import { lastOf } from './code/syntax.ts';
import type { FoundAnswers } from './source.ts';

/** Files that start a service, with the expression that finds the command. The first line that matches is taken. */
const FILES: readonly { names: readonly string[]; command: RegExp; isScript?: boolean }[] = [
  {
    names: ['run.sh', 'start.sh', 'bin/start', 'scripts/start.sh', 'scripts/run.sh'],
    command:
      /^\s*(?:exec\s+)?((?:(?:\S*\/)?(?:uvicorn|gunicorn|hypercorn|python3?|node|java|fastapi|flask|granian|poetry run|uv run)\b.*|\.\/\S+.*)$)/m,
    isScript: true,
  },
  { names: ['Procfile'], command: /^web:\s*(.+)$/m },
  { names: ['Makefile'], command: /^(?:run|start|serve)\s*:.*\n\t@?(.+)$/m },
];

/**
 * Returns the command that starts a service: that of a script, Procfile or Makefile, if the port can be set, otherwise
 * the one for the application in the code.
 *
 * @param textIn Returns the text of a file in the folder, or undefined if there is none that can be read.
 */
export async function answersInCommands(
  folder: string,
  textIn: (name: string) => Promise<string | undefined>,
  code: Code,
): Promise<FoundAnswers> {
  for (const { names, command, isScript } of FILES) {
    for (const name of names) {
      const text = (await textIn(name)) ?? '';
      const found = command.exec(text);
      const written = found?.[1]?.trim();
      if (!found || !written) continue;
      const from = `${name}:${text.slice(0, found.index + found[0].indexOf(written)).split('\n').length}`;
      const [, variable] = /\$\{?(\w*PORT\w*)/.exec(text) ?? [];
      const isFixed =
        /(--port|--bind|--http|-p|-b)[= ]["']?[^$\s"']*\d{4}/.test(written) ||
        (variable === undefined && /--port/.test(written));
      if (isFixed || /--reload|go run|docker|npm |yarn |make /.test(written)) continue;
      const isPlain = !/[&|;<>$"'`]|^\w+=/.test(written);
      const answer = isScript
        ? `sh ${name}`
        : isPlain
          ? written
          : `sh -c '${written.replaceAll("'", '"').replace(/^(exec )?/, 'exec ')}'`;
      const port = variable ?? (/uvicorn|fastapi run/.test(written) ? 'UVICORN_PORT' : undefined);
      return { command: { answer, from }, ...(port && { portSetting: { answer: port, from } }) };
    }
  }
  return pythonCommand(code, (name) => pythonTool(folder, name)) ?? goCommand(code, folder);
}

/** Returns the words that start a Python tool: that of the virtual environment in the folder, or that on PATH. */
export function pythonTool(folder: string, name: string): string {
  const own = ['.venv', 'venv'].map((venv) => `${venv}/bin`).find((bin) => existsSync(join(folder, bin, 'python')));
  if (own !== undefined) {
    if (name === 'python3') return `${own}/python`;
    return existsSync(join(folder, own, name)) ? `${own}/${name}` : `${own}/python -m ${name}`;
  }
  const isOnPath = (process.env.PATH ?? '').split(':').some((bin) => existsSync(join(bin, name)));
  return isOnPath ? name : `python3 -m ${name}`;
}

/** With uvicorn for FastAPI. Flask and Django don't come with a server, so gunicorn is only a guess. */
function pythonCommand(code: Code, tool: (name: string) => string): FoundAnswers | undefined {
  const python = code.modules.filter(({ file }) => file.endsWith('.py'));
  const started = python.find(
    ({ text }) => /^if __name__ == ["']__main__["']:/m.test(text) && /\b(uvicorn\.run|\.run)\(/.test(text),
  );
  const found = python.flatMap((module) =>
    module.definitions.flatMap(({ name, value }) => {
      const indented = /^[ \t]/.test(module.text.slice(module.text.lastIndexOf('\n', value.from) + 1, value.from));
      if (value.is !== 'call' || indented || name.includes('.')) return [];
      const kind = /^(FastAPI|Starlette|Litestar)$/.test(lastOf(value.callee))
        ? 'asgi'
        : /^(Flask|create_app|get_wsgi_application)$/.test(lastOf(value.callee))
          ? 'wsgi'
          : undefined;
      return kind ? [{ module, name, kind, from: code.at(module, value) }] : [];
    }),
  );
  const [only] = found;
  if (only === undefined || found.length > 1) {
    const main = started && `${tool('python3')} ${started.file}`;
    return main ? { command: { answer: main, from: started.file, isGuess: true } } : undefined;
  }
  const isInSource = only.module.file.startsWith('src/');
  const module = only.module.file
    .replace(/^src\//, '')
    .replace(/(\/__init__)?\.py$/, '')
    .replaceAll('/', '.');
  const application = `${module}:${only.name}`;
  const { from } = only;
  if (only.kind === 'wsgi') {
    const answer = `${tool('gunicorn')}${isInSource ? ' --chdir src' : ''} ${application} --bind 127.0.0.1:\${port}`;
    return { command: { answer, from, isGuess: true }, portSetting: { answer: 'none', from, isGuess: true } };
  }
  // All users of a machine can read command lines. Therefore, the environment has the port.
  const answer = `${tool('uvicorn')}${isInSource ? ' --app-dir src' : ''} ${application} --host 127.0.0.1`;
  return { command: { answer, from }, portSetting: { answer: 'UVICORN_PORT', from } };
}

/** Go's programs are built first: `go run` does not pass signals on. */
function goCommand(code: Code, folder: string): FoundAnswers {
  const mains = code.modules.filter(
    ({ file, text, functions }) =>
      file.endsWith('.go') && /^package main\b/m.test(text) && functions.some(({ name }) => name === 'main'),
  );
  const [main] = mains;
  const isOne = new Set(mains.map(({ file }) => file.split('/').slice(0, -1).join('/'))).size === 1;
  if (!main || !isOne || !existsSync(join(folder, 'go.mod'))) return {};
  const path = `./${main.file.split('/').slice(0, -1).join('/')}`;
  const answer = `sh -c "go build -o \${folder}/service ${path} && exec \${folder}/service"`;
  return {
    command: { answer, from: code.at(main, main.functions.find(({ name }) => name === 'main') ?? { from: 0, to: 0 }) },
  };
}
