import { existsSync } from 'node:fs';
import { expect, test } from 'vitest';
import { COMMANDS } from '../../../harness/commands/declarations.ts';

/** Returns what a command prints with this option, without running it. */
function helpOf(create: (typeof COMMANDS)[number], option: string): string {
  let text = '';
  const command = create()
    .exitOverride()
    .configureOutput({ writeOut: (written) => (text += written) });
  expect(() => command.parse([option], { from: 'user' })).toThrow(expect.objectContaining({ exitCode: 0 }));
  return text;
}

test.each(COMMANDS.map((create) => [create().name(), create] as const))(
  'the help of %s has an example, a page that exists, and at most 50 lines',
  (name, create) => {
    const help = helpOf(create, '--help');
    expect(help).toMatch(new RegExp(`\nExamples?:\n  proofload ${name}\\b`));
    const [, page = ''] = /\nMore: (\S+)\n$/.exec(help) ?? [];
    expect(existsSync(page)).toBe(true);
    expect(help.split('\n').length).toBeLessThanOrEqual(50);
  },
);

test.each(['run', 'gate', 'lab', 'doctor', 'prove'])(
  'the help of %s leaves out rare options, and --help-all does not',
  (name) => {
    const create = COMMANDS.find((each) => each().name() === name) as (typeof COMMANDS)[number];
    const rare = /--(command|engine|postgres|jobs|allow-host|keep|seed) /g;
    expect(helpOf(create, '--help').match(rare)).toBeNull();
    expect(helpOf(create, '--help-all').match(rare)).toHaveLength(7);
    expect(helpOf(create, '--help-all')).not.toContain('--watched');
  },
);
