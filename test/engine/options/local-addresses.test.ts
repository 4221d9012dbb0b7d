import { describe, expect, test } from 'vitest';
import { parseLocalAddresses } from '../../../engine/options/local-addresses.ts';

describe('--local-ips', () => {
  test.each([
    ['127.0.0.2', ['127.0.0.2']],
    ['127.0.0.254-127.0.1.1', ['127.0.0.254', '127.0.0.255', '127.0.1.0', '127.0.1.1']],
    ['127.0.0.9, 127.0.0.2-127.0.0.3', ['127.0.0.9', '127.0.0.2', '127.0.0.3']],
    ['127.1.0.0/30', ['127.1.0.1', '127.1.0.2']],
    ['127.1.0.7/32', ['127.1.0.7']],
  ])('%s', (text, addresses) => {
    expect(parseLocalAddresses(text)).toEqual(addresses);
  });

  test.each(['', 'localhost', '127.0.0.3-127.0.0.2', '127.0.0.1/33', '127.0.0.1-', '10.0.0.0/8', '::1'])(
    'refuses %j',
    (text) => {
      expect(() => parseLocalAddresses(text)).toThrow(
        expect.objectContaining({ code: 'INVALID_LOCAL_IPS', exitCode: 104 }),
      );
    },
  );
});
