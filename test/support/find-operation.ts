import type { Operation } from '../../faults/control/operation.ts';

/**
 * Returns the operation for a method and a path (without a query), together with the path parameters. Returns undefined
 * if there is no such operation.
 */
export function findOperation(
  operations: readonly Operation[],
  method: string,
  path: string,
): { operation: Operation; params: Record<string, string> } | undefined {
  const segments = path.split('/');
  for (const operation of operations) {
    if (operation.method !== method.toLowerCase()) continue;
    const pattern = operation.path.split('/');
    if (pattern.length !== segments.length) continue;
    const pairs = pattern.map((name, index) => [name, segments[index] ?? ''] as const);
    if (!pairs.every(([name, segment]) => name.startsWith(':') || name === segment)) continue;
    const varying = pairs.filter(([name]) => name.startsWith(':'));
    return { operation, params: Object.fromEntries(varying.map(([name, segment]) => [name.slice(1), segment])) };
  }
  return undefined;
}
