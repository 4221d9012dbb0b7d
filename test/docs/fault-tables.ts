import { z } from 'zod';
import { upstreamFaults } from '../../faults/kinds/index.ts';
import type { FaultKind } from '../../faults/kinds/lib/fault.ts';
import { databaseFaults } from '../../harness/lab/database-faults/index.ts';

/** Returns the table of upstream fault kinds. */
export const upstreamFaultTable = async (): Promise<string> =>
  table(
    ['kind', 'fault', 'effect', 'fields'],
    [...upstreamFaults.values()].map((kind) => [`\`${kind.kind}\``, kind.does, `\`${kind.effect}\``, fieldsOf(kind)]),
  );

/** Returns the table of database fault kinds. */
export const databaseFaultTable = async (): Promise<string> =>
  table(
    ['kind', 'fault', 'acts on', 'fields'],
    [...databaseFaults(true).values()].map((kind) => [`\`${kind.kind}\``, kind.does, kind.actsOn, fieldsOf(kind)]),
  );

const table = (head: readonly string[], rows: readonly (readonly string[])[]): string =>
  [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |\n`).join('');

/** Returns the fields with their allowed values and defaults, one per line. */
function fieldsOf<Target>({ fields }: FaultKind<Target>): string {
  const schema = z.toJSONSchema(z.strictObject(fields), { io: 'input', unrepresentable: 'any' });
  return Object.entries(schema.properties ?? {})
    .map(([name, property]) => {
      const { description, default: initial } = property as { description?: string; default?: unknown };
      const defaultText = initial === undefined ? '' : `; default ${String(initial)}`;
      return `\`${name}\`: ${description}${defaultText}`;
    })
    .join('<br>');
}
