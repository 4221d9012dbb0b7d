import { readFile } from 'node:fs/promises';
import { parseAst } from 'rolldown/parseAst';
import { ProofloadError } from '../base/errors.ts';

/** A scenario that can't judge a service with this contract. */
export interface Skipped {
  name: string;
  /** What is not judged without it, in a few words. */
  judges: string;
  /** What the contract lacks. */
  skipped: string;
}

/**
 * Reads `judges` in the proof of a scenario from the text of its script, since a script that is skipped can't be evaluated.
 *
 * @throws ProofloadError SCENARIO_INVALID if the proof has no `judges`, or it is not a plain text.
 */
export async function judgesOf(name: string, path: string): Promise<string> {
  const { body } = parseAst(await readFile(path, 'utf8'), { lang: 'ts' });
  for (const statement of body) {
    if (statement.type !== 'ExportNamedDeclaration' || statement.declaration?.type !== 'VariableDeclaration') continue;
    for (const { id, init } of statement.declaration.declarations) {
      if (id.type !== 'Identifier' || id.name !== 'proof' || init?.type !== 'ObjectExpression') continue;
      for (const property of init.properties) {
        if (property.type !== 'Property' || property.key.type !== 'Identifier' || property.key.name !== 'judges')
          continue;
        if (property.value.type === 'Literal' && typeof property.value.value === 'string') return property.value.value;
      }
    }
  }
  throw new ProofloadError('SCENARIO_INVALID', `${name}: its proof has no plain text "judges"`);
}
