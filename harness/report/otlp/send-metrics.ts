import type { OTLPMetricExporter } from '@opentelemetry/exporter-metrics-otlp-http';
import manifest from '../../../package.json' with { type: 'json' };
import { messageOf } from '../../base/errors.ts';
import { importOptional } from '../../base/import-optional.ts';
import { secrets } from '../../base/secrets.ts';
import type { Reporter } from '../reporters/reporter.ts';
import { meteringReporter } from './metering-reporter.ts';

/** How often metrics are sent, and how long a collector may take, in milliseconds. */
const USUAL = { intervalMs: 5_000, timeoutMs: 3_000 };

/**
 * Sends a run's metrics to a collector by OTLP/HTTP while it runs, and once more when the result is disposed. If the
 * collector doesn't accept them, this prints one note and has no other effect on the run. As usual for OpenTelemetry,
 * OTEL_EXPORTER_OTLP_HEADERS contains the headers, and OTEL_SERVICE_NAME and OTEL_RESOURCE_ATTRIBUTES name the source.
 *
 * @param endpoint The base URL of the collector, such as `http://127.0.0.1:4318`.
 * @param reporter Also receives the run's events.
 * @returns The reporter to use instead.
 * @throws ProofloadError PACKAGE_MISSING
 */
export async function sendMetrics(
  endpoint: string,
  reporter: Reporter,
  { intervalMs, timeoutMs } = USUAL,
): Promise<Reporter & AsyncDisposable> {
  secrets.hidePassword(endpoint);
  const purpose = '--otlp';
  const { MeterProvider, PeriodicExportingMetricReader } = await importOptional('@opentelemetry/sdk-metrics', purpose);
  const { OTLPMetricExporter: Exporter } = await importOptional('@opentelemetry/exporter-metrics-otlp-http', purpose);
  const { detectResources, envDetector, resourceFromAttributes } = await importOptional(
    '@opentelemetry/resources',
    purpose,
  );
  const exporter = new Exporter({ url: `${endpoint.replace(/\/$/, '')}/v1/metrics`, timeoutMillis: timeoutMs });
  let isNoted = false;
  const onFailure = (why: string) => {
    if (!isNoted)
      reporter.note(`--otlp: ${endpoint} did not accept the metrics (${why}), which does not affect the run`);
    isNoted = true;
  };
  const reader = new PeriodicExportingMetricReader({
    exporter: noting(exporter, onFailure),
    exportIntervalMillis: intervalMs,
    exportTimeoutMillis: timeoutMs,
  });
  const own = resourceFromAttributes({ 'service.name': 'proofload', 'service.version': manifest.version });
  const resource = own.merge(detectResources({ detectors: [envDetector] }));
  const provider = new MeterProvider({ resource, readers: [reader] });
  return {
    ...meteringReporter(reporter, provider.getMeter('proofload', manifest.version)),
    [Symbol.asyncDispose]: () => provider.shutdown().catch((error: unknown) => onFailure(messageOf(error))),
  };
}

/**
 * An exporter that reports if a collector rejects metrics. OpenTelemetry only logs it, and its log is off by default.
 */
function noting(exporter: OTLPMetricExporter, onFailure: (why: string) => void): OTLPMetricExporter {
  const send = exporter.export.bind(exporter);
  exporter.export = (metrics, done) =>
    send(metrics, (result) => {
      if (result.error) onFailure(messageOf(result.error));
      done(result);
    });
  return exporter;
}
