import { randomBytes } from 'node:crypto';
import { ConfigurationError } from '../../../service/config/configuration-error.ts';
import { loadConfiguration } from '../../../service/config/load-configuration.ts';
import { SECRET_KEY_REFUSAL } from '../../../service/config/secret-key.ts';
import { caughtBy, runNamed } from '../defect.ts';
import { withConfiguration, withSettings } from '../run-with.ts';

export const defects = [
  ...caughtBy('chaos/unsafe-start', 'unsafe-start-refused', {
    // Without ENVIRONMENT, the service takes itself to be in development, where unsafe settings are allowed.
    'development-by-default': {
      check: 'refuses to start: no-environment-and-unverified-upstreams',
      run: withConfiguration((environment) => loadConfiguration({ ENVIRONMENT: 'development', ...environment })),
    },
    // An unknown setting is ignored, so a protection whose name is misspelled stays off.
    'misspelt-protection-accepted': {
      check: 'refuses to start: a-misspelt-protection',
      run: withConfiguration(({ CIRCUIT_BREAKERS_ENABLED: _, ...environment }) => loadConfiguration(environment)),
    },
    // The service starts with an upstream at an http:// URL in production.
    'plain-text-upstreams-accepted': {
      check: 'refuses to start: an-LLM-API-in-plain-text',
      run: withConfiguration(({ GROQ_BASE_URL: url, ...environment }) => {
        const configuration = loadConfiguration(environment);
        return { ...configuration, groq: { ...configuration.groq, baseUrl: url ?? configuration.groq.baseUrl } };
      }),
    },
    // The pool size is checked as if there were only one replica.
    'replicas-not-summed': {
      check: 'refuses to start: pools-of-all-replicas-that-it-has-no-room-for',
      run: withSettings({ REPLICAS: '1' }),
    },
    // The service starts with SSL_VERIFY_ENABLED=False in production.
    'unverified-upstreams-accepted': {
      check: 'refuses to start: unverified-upstreams',
      run: withConfiguration(({ SSL_VERIFY_ENABLED: given, ...environment }) => ({
        ...loadConfiguration(environment),
        sslVerifyEnabled: given !== 'False',
      })),
    },
  }),
  ...caughtBy('chaos/weak-secret', 'strong-secret-accepted', {
    // A key of exactly the required length is rejected.
    'strong-secret-refused': {
      check: 'starts: 32-characters',
      run: withConfiguration((environment) => {
        if (environment.SECRET_KEY?.length === 32) throw new ConfigurationError([SECRET_KEY_REFUSAL]);
        return loadConfiguration(environment);
      }),
    },
  }),
  ...caughtBy('chaos/weak-secret', 'weak-secret-refused', {
    // A placeholder key from the examples is accepted.
    'placeholder-key-accepted': {
      check: 'refuses to start: a-placeholder',
      run: withConfiguration(({ SECRET_KEY: given, ...environment }) => {
        const SECRET_KEY = given?.startsWith('change-me') ? randomBytes(32).toString('hex') : given;
        return loadConfiguration({ ...environment, ...(SECRET_KEY !== undefined && { SECRET_KEY }) });
      }),
    },
    // The service believes that it runs in development, where any secret key is accepted.
    'weak-secret-accepted': {
      check: 'refuses to start: empty',
      run: withSettings({ ENVIRONMENT: 'development' }),
    },
    // A weak key is rejected without an explanation.
    'weak-secret-refused-in-other-words': {
      check: 'refuses to start: the-default-key',
      run: withConfiguration((environment) => {
        try {
          return loadConfiguration(environment);
        } catch {
          process.exit(2);
        }
      }),
    },
    // A weak key is rejected with the promised message, but with the exit code of a crash.
    'weak-secret-refused-with-another-code': {
      check: 'refuses to start: the-default-key',
      run: withConfiguration((environment) => {
        try {
          return loadConfiguration(environment);
        } catch (error) {
          if (error instanceof ConfigurationError) process.stderr.write(`${error.problems.join('\n')}\n`);
          process.exit(1);
        }
      }),
    },
  }),
];

if (import.meta.main) await runNamed(defects);
