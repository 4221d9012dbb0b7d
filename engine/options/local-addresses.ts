import { isIPv4 } from 'node:net';
import { EngineError } from '../base/errors.ts';

/** No run needs more addresses than this, so a larger range must be a mistake. */
const MOST = 65_536;

/**
 * Parses `--local-ips`: IPv4 addresses, inclusive ranges `A-B` and networks `A/prefix`, separated by commas. As in k6,
 * the first and last address of a network are omitted if it has more than two.
 *
 * @returns The addresses in the order in which they are assigned to VUs.
 * @throws EngineError INVALID_LOCAL_IPS with the invalid part
 */
export function parseLocalAddresses(text: string): string[] {
  return text.split(',').flatMap((part) => {
    const trimmed = part.trim();
    const [from, to] = bounds(trimmed) ?? [];
    if (from === undefined || to === undefined || to < from || to - from >= MOST) throw invalid(trimmed);
    return Array.from({ length: to - from + 1 }, (_, index) => toText(from + index));
  });
}

function bounds(part: string): [number, number] | undefined {
  const [first = '', last] = part.split('-').map((address) => address.trim());
  if (part.includes('/')) return network(part);
  if (!isIPv4(first) || (last !== undefined && !isIPv4(last))) return undefined;
  return [toNumber(first), toNumber(last ?? first)];
}

function network(part: string): [number, number] | undefined {
  const [address = '', prefix = ''] = part.split('/');
  const bits = Number(prefix);
  if (!isIPv4(address) || !/^\d+$/.test(prefix) || bits > 32) return undefined;
  const size = 2 ** (32 - bits);
  const base = Math.floor(toNumber(address) / size) * size;
  return size > 2 ? [base + 1, base + size - 2] : [base, base + size - 1];
}

const toNumber = (address: string): number => address.split('.').reduce((sum, byte) => sum * 256 + Number(byte), 0);

const toText = (number: number): string =>
  [24, 16, 8, 0].map((shift) => Math.floor(number / 2 ** shift) % 256).join('.');

const invalid = (part: string): EngineError =>
  new EngineError(
    'INVALID_LOCAL_IPS',
    `invalid --local-ips part ${JSON.stringify(part)}: expected an IPv4 address, a range A-B, or a network A/prefix, of at most ${MOST} addresses`,
  );
