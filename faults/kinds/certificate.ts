import { z } from 'zod';
import { certificateKinds } from '../certificates/certificate-kinds.ts';
import { defineFault } from './lib/fault.ts';

/** Presents a bad certificate while it is active. */
export const certificate = defineFault({
  kind: 'certificate',
  does: 'presents a bad certificate in new TLS handshakes',
  fields: {
    certificate: z
      .enum(certificateKinds)
      .describe(certificateKinds.join(', '))
      .meta({ examples: ['expired'] }),
  },
  actsOn: 'port',
  create: (options) => ({ engage: (listener) => listener.showCertificate(options.certificate) }),
});
