import { createServer } from 'node:http';
import { ROOT_CONTEXT, SpanStatusCode, trace } from '@opentelemetry/api';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-proto';
import { resourceFromAttributes } from '@opentelemetry/resources';
import { BatchSpanProcessor, TracerProvider } from '@opentelemetry/sdk-trace';

/**
 * A service that calls an LLM, passes the trace on, and reports its spans by OpenTelemetry's own client, which reads
 * OTEL_EXPORTER_OTLP_ENDPOINT. It sends the last spans when it is told to end. `/orders` is not served as promised.
 */
const { PORT, LLM = '', LLM_KEY = '' } = process.env;
const provider = new TracerProvider({
  resource: resourceFromAttributes({ 'service.name': 'shop' }),
  spanProcessors: [new BatchSpanProcessor({ exporter: new OTLPTraceExporter() })],
});
const tracer = provider.getTracer('test');

const server = createServer(async ({ url, headers: { traceparent = '' } }, response) => {
  const [, traceId = '', spanId = ''] = String(traceparent).split('-');
  const caller = trace.setSpanContext(ROOT_CONTEXT, { traceId, spanId, traceFlags: 1, isRemote: true });
  const span = tracer.startSpan(`GET ${url}`, {}, caller);
  if (url === '/orders') {
    const call = tracer.startSpan('list models', {}, trace.setSpan(caller, span));
    const headers = {
      authorization: `Bearer ${LLM_KEY}`,
      traceparent: `00-${traceId}-${call.spanContext().spanId}-01`,
    };
    await fetch(`${LLM}/models`, { headers }).catch(() => undefined);
    call.end();
    span.setStatus({ code: SpanStatusCode.ERROR, message: `no orders for ${LLM_KEY}` });
  }
  span.end();
  response.writeHead(url === '/orders' ? 500 : 200).end();
});
server.listen(Number(PORT), '127.0.0.1');

process.once('SIGTERM', async () => {
  await provider.shutdown();
  process.exit(0);
});
