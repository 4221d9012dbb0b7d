import { z } from 'zod';
import { connectionFaults } from '../../faults/connections/index.ts';
import { upstreamFaults } from '../../faults/kinds/index.ts';
import type { FaultKind } from '../../faults/kinds/lib/fault.ts';
import { natureOf } from '../../faults/kinds/lib/nature.ts';
import type { UpstreamFault } from '../../faults/kinds/lib/upstream-fault.ts';
import { databaseFaults } from '../../harness/lab/database-faults/index.ts';

export const upstreamFaultTable = async (): Promise<string> =>
  table(
    ['kind', 'fault', 'effect', 'seen as', 'fields'],
    [...upstreamFaults.values()].map((kind) => [
      `\`${kind.kind}\``,
      kind.does,
      `\`${kind.effect}\``,
      seenIn(kind),
      fieldsOf(kind),
    ]),
  );

/** Returns the names of the fault kinds of TCP upstreams. */
export const connectionFaultList = async (): Promise<string> =>
  `${[...connectionFaults.keys()].map((kind) => `- \`${kind}\``).join('\n')}\n`;

export const databaseFaultTable = async (): Promise<string> =>
  table(
    ['kind', 'fault', 'acts on', 'fields'],
    [...databaseFaults(true).values()].map((kind) => [`\`${kind.kind}\``, kind.does, kind.actsOn, fieldsOf(kind)]),
  );

/** Returns how a client sees a fault, or an empty text if it depends on the call. */
function seenIn(kind: UpstreamFault): string {
  const { seen } = natureOf(kind);
  if (seen === undefined) return '';
  return typeof seen === 'object' ? `its \`${seen.field}\`` : `\`${seen}\``;
}

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
