import { z } from 'zod';
import { parseFields } from '../base/parse-fields.ts';
import { certificateKinds } from '../certificates/certificate-kinds.ts';
import { type Controlled, upstreamOf } from './controlled.ts';
import type { Operation } from './operation.ts';

/** What the certificate of an upstream can be set to. */
export const certificateFields = {
  kind: z.enum(certificateKinds).describe(certificateKinds.join(', ')),
};

const SETTINGS = '/upstreams/:upstream/settings';

/** The operations on what an upstream is, besides its faults: its certificate and its settings. */
export const upstreamOperations = (controlled: Controlled): Operation[] => [
  {
    method: 'put',
    path: '/upstreams/:upstream/certificate',
    does: `shows another certificate: ${certificateKinds.join(', ')}`,
    body: z.strictObject(certificateFields),
    isPlanned: true,
    prepare({ params, body }) {
      const { server } = upstreamOf(controlled, params.upstream);
      const { kind } = parseFields(certificateFields, body, 'certificate');
      return () => {
        server.useCertificate(kind);
        return { kind };
      };
    },
  },
  {
    method: 'get',
    path: SETTINGS,
    does: 'tells what the upstream is set to',
    prepare({ params }) {
      const upstream = upstreamOf(controlled, params.upstream);
      return () => upstream.current.settings;
    },
  },
  {
    method: 'put',
    path: SETTINGS,
    does: 'replaces the settings of the upstream, as its quotas and keys; what is left out gets its default',
    body: z.union([...controlled.upstreams.values()].map(({ settings }) => z.strictObject(settings))),
    isPlanned: true,
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
    does: 'tells the certificate of the CA that clients have to trust',
    prepare: () => (response) => void response.type('application/x-pem-file').send(controlled.ca),
  },
];
