import { parse } from 'acorn';
import { describe, expect, test } from 'vitest';
import { globalsFor } from '../../../engine/compile/script-globals.ts';

describe('the globals of a script', () => {
  const given = (source: string) =>
    globalsFor(parse(source, { ecmaVersion: 'latest', sourceType: 'module' }), ['console', 'setTimeout']);

  test('are the ones that it uses', () => {
    expect(given('console.log(1);\nsetTimeout(f);')).toEqual(['console', 'setTimeout']);
    expect(given('// no console\nexport const a = "setTimeout";')).toEqual([]);
  });

  test.each([
    'const console = 1;',
    'let a, console;',
    'function setTimeout() {}',
    "import { setTimeout } from './timers.js';",
    "import {\n  console,\n} from './log.js';",
    'const { a: [console] } = tools;',
    'export class console {}',
  ])("don't hide its own declarations: %s", (source) => {
    expect(given(source)).toEqual([]);
  });
});
