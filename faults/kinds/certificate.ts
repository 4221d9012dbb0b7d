import { z } from 'zod';
import { certificateKinds } from '../certificates/certificate-kinds.ts';
import { defineUpstreamFault } from './lib/upstream-fault.ts';

/** Presents an invalid certificate while the fault is active. */
export const certificate = defineUpstreamFault({
  kind: 'certificate',
  does: 'presents a bad certificate in new TLS handshakes',
  effect: 'port',
  fields: {
    certificate: z
      .enum(certificateKinds)
      .describe(certificateKinds.join(', '))
      .meta({ examples: ['expired'] }),
  },
  create: (options) => ({ engage: (listener) => listener.showCertificate(options.certificate) }),
});
