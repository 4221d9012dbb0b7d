import { z } from 'zod';
import { parseFields } from '../base/parse-fields.ts';
import { certificateKinds } from '../certificates/certificate-kinds.ts';
import { type Controlled, upstreamOf } from './controlled.ts';
import type { Operation } from './operation.ts';

/** The fields in a request to change the certificate. */
export const certificateFields = {
  kind: z.enum(certificateKinds).describe(certificateKinds.join(', ')),
};

const SETTINGS = '/upstreams/:upstream/settings';

/** The operation for presenting another certificate, without its implementation. */
export const CERTIFICATE_OPERATION = {
  method: 'put',
  path: '/upstreams/:upstream/certificate',
  does: `presents another certificate: ${certificateKinds.join(', ')}`,
  body: z.strictObject(certificateFields),
} as const;

/** Returns the operations for an upstream's certificate and settings. */
export const upstreamOperations = (controlled: Controlled): Operation[] => [
  {
    ...CERTIFICATE_OPERATION,
    prepare({ params, body }) {
      const upstream = upstreamOf(controlled, params.upstream);
      const { kind } = parseFields(certificateFields, body, 'certificate');
      return async () => {
        await upstream.useCertificate(kind);
        return { kind };
      };
    },
  },
  {
    method: 'get',
    path: SETTINGS,
    does: 'returns the settings of the upstream',
    prepare({ params }) {
      const upstream = upstreamOf(controlled, params.upstream);
      return () => upstream.current.settings;
    },
  },
  {
    method: 'put',
    path: SETTINGS,
    does: 'replaces the settings of the upstream, such as quotas and keys; omitted fields get their defaults',
    body: z.union([...controlled.upstreams.values()].map(({ settings }) => z.strictObject(settings))),
    prepare({ params, body }) {
      const upstream = upstreamOf(controlled, params.upstream);
      const settings = parseFields(upstream.settings, body, `settings of ${params.upstream}`);
      return () => {
        upstream.current.configure(settings);
        return upstream.current.settings;
      };
    },
  },
  {
    method: 'get',
    path: '/ca.pem',
    does: "returns the certificate of the fakes' CA, which clients have to trust",
    prepare: () => (response) => void response.type('application/x-pem-file').send(controlled.ca),
  },
];
