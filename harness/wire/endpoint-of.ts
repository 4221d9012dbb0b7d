import type { Contract } from '../contract/contract.ts';

/**
 * Returns a function that finds the name of the endpoint that a request calls, or undefined if it calls none of the
 * contract. Placeholders in a path match anything but a slash. An endpoint without placeholders comes first.
 */
export function endpointFinder({ endpoints }: Pick<Contract, 'endpoints'>) {
  const patterns = Object.entries(endpoints)
    .map(([name, { method, path }]) => ({ name, method, pattern: patternOf(path), fixed: !path.includes('${') }))
    .sort((a, b) => Number(b.fixed) - Number(a.fixed));
  return (method: string, target: string): string | undefined => {
    const [path = ''] = target.split('?');
    return patterns.find((pattern) => pattern.method === method && pattern.pattern.test(path))?.name;
  };
}

function patternOf(path: string): RegExp {
  const [own = ''] = path.split('?');
  const parts = own.split(/\$\{[^}]*\}/).map(RegExp.escape);
  return new RegExp(`^${parts.join('[^/]*')}$`);
}
