/** Defect: a certificate is good for ever. */
import { Agent, buildConnector } from 'undici';
import { runWithMemoryAgent } from '../run-with-agent.ts';

const connectAnyhow = buildConnector({ rejectUnauthorized: false });

await runWithMemoryAgent(
  new Agent({
    connect: (options, done) =>
      connectAnyhow(options, (error, socket) => {
        if (error) return done(error, null);
        const { authorizationError } = socket as { authorizationError?: Error | string | null };
        if (!authorizationError || String(authorizationError).includes('CERT_HAS_EXPIRED')) return done(null, socket);
        socket.destroy();
        done(new Error(String(authorizationError)), null);
      }),
    keepAliveTimeout: 1_000,
  }),
);
