import { Refusal } from '../../faults/base/refusal.ts';
import { defineUpstream } from '../../mocks/define-upstreams.ts';
import type { Contract } from './contract.ts';
import type { Problem } from './dangling-names.ts';
import { filledTexts } from './filled-texts.ts';
import { placeholdersIn } from './placeholders.ts';
import { requestTexts } from './request-texts.ts';
import { undeclared } from './unreachable-upstreams.ts';
import { missingFiles } from './upstream-files.ts';

/**
 * The prefix for upstream addresses in `${…}`. `.host` or `.port` may follow the upstream's name, which never ends with
 * one of them.
 */
export const UPSTREAM_PREFIX = 'upstream.';

/** Finds declared upstreams with invalid settings or missing files, and addresses of undeclared upstreams. */
export function upstreamProblems(contract: Contract): Problem[] {
  const { upstreams } = contract;
  return [
    ...Object.entries(upstreams).flatMap(([name, declared]) => invalidSettings(['upstreams', name], declared)),
    ...missingFiles(contract),
    ...[...filledTexts(contract), ...requestTexts(contract)].flatMap(({ path, text }) =>
      namesIn(text).flatMap((name) => undeclared(path, name, upstreams)),
    ),
    ...addressesForOthers(contract),
  ];
}

const namesIn = (text: string): string[] =>
  placeholdersIn(text)
    .filter((name) => name.startsWith(UPSTREAM_PREFIX))
    .map((name) => name.slice(UPSTREAM_PREFIX.length).replace(/\.(host|port)$/, ''));

/** A service that proofload did not start does not use the lab's upstreams. */
function addressesForOthers(contract: Contract): Problem[] {
  if (!contract.start.running) return [];
  const message = 'a running service does not use the upstreams of the lab; write an address';
  return requestTexts(contract)
    .filter(({ text }) => namesIn(text).length > 0)
    .map(({ path }) => ({ path, message }));
}

function invalidSettings(path: Problem['path'], declared: Contract['upstreams'][string]): Problem[] {
  try {
    defineUpstream(declared);
    return [];
  } catch (error) {
    if (error instanceof Refusal) return [{ path, message: error.message }];
    throw error;
  }
}
