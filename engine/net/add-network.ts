import { type BlockList, isIP } from 'node:net';

/** Adds a network in CIDR notation, such as `10.0.0.0/8`, to a list. Returns false if the text is not one. */
export function addNetwork(list: BlockList, text: string): boolean {
  const [, address = '', prefix = ''] = /^(.*)\/(\d{1,3})$/.exec(text) ?? [];
  const family = isIP(address);
  if (family === 0 || Number(prefix) > (family === 4 ? 32 : 128)) return false;
  list.addSubnet(address, Number(prefix), family === 4 ? 'ipv4' : 'ipv6');
  return true;
}
