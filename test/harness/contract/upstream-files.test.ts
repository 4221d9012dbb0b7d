import { expect, test } from 'vitest';
import { contractSchema } from '../../../harness/contract/contract.ts';
import { withUpstreamFiles } from '../../../harness/contract/upstream-files.ts';
import reference from '../../../service/proofload.config.ts';

test('files of upstreams are relative to the contract', () => {
  const upstreams = {
    ...reference.upstreams,
    payments: { handlers: './mocks/payments.ts', origin: 'https://api.example/v2' },
    crm: { openapi: 'crm.yaml' },
    absolute: { handlers: '/srv/handlers.ts' },
  };
  const contract = contractSchema.parse({ ...reference, upstreams });
  expect(withUpstreamFiles(contract, '/shop').upstreams).toEqual({
    ...reference.upstreams,
    payments: { handlers: '/shop/mocks/payments.ts', origin: 'https://api.example/v2' },
    crm: { openapi: '/shop/crm.yaml' },
    absolute: { handlers: '/srv/handlers.ts' },
  });
});
