import { execFileSync } from 'node:child_process';
import { resolve } from 'node:path';
import { expect, test } from 'vitest';

/** Prints the names of the npm packages and of Node's own modules that a process loads. */
const HOOK = `
  import { registerHooks } from 'node:module';
  const packages = new Set();
  registerHooks({
    load(url, context, next) {
      const [name] = /(?<=.*\\/node_modules\\/)(?:@[^/]+\\/)?[^/]+/.exec(url) ?? [];
      if (name !== undefined) packages.add(name);
      return next(url, context);
    },
  });
  process.on('exit', () => {
    const own = process.moduleLoadList.map((entry) => entry.replace('NativeModule ', 'node:'));
    console.log(JSON.stringify([...packages, ...own]));
  });`;

function packagesOf(module: string): string[] {
  const hook = `data:text/javascript,${encodeURIComponent(HOOK)}`;
  const code = `await import(${JSON.stringify(resolve(module))}); process.exit(0)`;
  const args = ['--import', hook, '--input-type=module', '-e', code];
  return JSON.parse(execFileSync(process.execPath, args, { encoding: 'utf8', stdio: 'pipe' }));
}

// Each start of a process costs processor time in every scenario.
test.each([
  ['harness/cli.ts', 'commander', ['zod', 'acorn', 'msw']],
  [
    'engine/cli/run-test.ts',
    'zod',
    ['ws', 'undici', 'parse5', 'acorn', 'esrap', 'node:tls', 'node:zlib', 'node:http2'],
  ],
  ['harness/commands/run.ts', 'zod', ['ws', 'undici', '@peculiar/x509', 'jose', 'yaml', 'rolldown', 'testcontainers']],
  ['harness/commands/list.ts', 'zod', ['msw', 'acorn', 'yaml', 'esrap', 'node:http', 'node:tls']],
  ['harness/commands/rejudge.ts', 'zod', ['msw', 'acorn', 'yaml', 'node:http', 'node:tls']],
  ['service/app/serve.ts', 'zod', ['@redis/client']],
  ['service/app/run-service.ts', 'zod', ['express', 'pg', 'pino']],
  ['mocks/define-upstreams.ts', 'zod', ['undici']],
])('%s loads packages that few runs need only when they are needed', (module, always, seldom) => {
  const loaded = packagesOf(module);
  expect(loaded).toContain(always);
  expect(loaded.filter((name) => seldom.includes(name))).toEqual([]);
});
