import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'vitest';
import { decidedRun } from '../../support/command-line.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

/** A field of an example's contract with a wrong value, the scenario that shows it, and what its output says. */
export interface Wrong {
  readonly field: string;
  readonly value: string;
  readonly scenario: string;
  readonly says: string;
  /** Whether it runs without WRONG_SETTINGS=all. */
  readonly isUsual?: true;
}

/**
 * Defines a test for each wrong setting of an example, which must FAIL. Without WRONG_SETTINGS=all, only for those that
 * tell most.
 *
 * @param missing Why they are skipped, or an empty text.
 */
export function testWrongSettings(folder: string, all: Readonly<Record<string, Wrong>>, missing: string): void {
  const isAll = process.env.WRONG_SETTINGS === 'all';
  const chosen = Object.entries(all).filter(([, { isUsual }]) => isAll || isUsual);
  test.concurrent.for(chosen)(
    `${folder} with %s fails, and the output says why`,
    async ([, wrong], { skip, expect }) => {
      if (missing) skip(missing);
      const [contract, document] = await Promise.all(
        ['proofload.yaml', '../nginx/items.yaml'].map((file) => readFile(join(folder, file), 'utf8')),
      );
      const changed = contract?.replace(
        new RegExp(`^( *${wrong.field}: ).*$`, 'm'),
        (_line, field) => field + wrong.value,
      );
      expect(changed).not.toBe(contract);
      const copy = await temporaryFolder({
        'example/proofload.yaml': changed ?? '',
        'example/items.yaml': document ?? '',
        'nginx/items.yaml': document ?? '',
      });
      const run = await decidedRun(['run', wrong.scenario], { CONTRACT: 'proofload.yaml' }, join(copy, 'example'));
      expect(run.text.replaceAll(/\s+/g, ' ')).toContain(wrong.says);
      expect(run.code).toBe(99);
    },
  );
}
