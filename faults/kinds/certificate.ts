import { z } from 'zod';
import { certificateKinds } from '../certificates/certificate-kinds.ts';
import { defineFault } from './fault.ts';

/** Shows a bad certificate for as long as it acts; then the one that was shown before. */
export const certificate = defineFault({
  kind: 'certificate',
  does: 'shows a bad certificate in new TLS handshakes',
  fields: {
    certificate: z
      .enum(certificateKinds)
      .describe(certificateKinds.join(', '))
      .meta({ examples: ['expired'] }),
  },
  actsOn: 'port',
  create: (options) => ({ engage: (listener) => listener.showCertificate(options.certificate) }),
});
