import type { PbfReader } from 'pbf';
import { z } from 'zod';
import { importOptional } from '../../base/import-optional.ts';
import type { SpanEvent } from '../../history/events.ts';

/** The spans of one service, as exported. Times are in nanoseconds since the epoch. */
interface Exported {
  service: string;
  spans: ExportedSpan[];
}

interface ExportedSpan {
  traceId: string;
  spanId: string;
  parentSpanId: string;
  name: string;
  startTimeUnixNano: number;
  endTimeUnixNano: number;
  status: { code: number; message: string };
}

/** Reads the spans in the body of an OTLP/HTTP request. */
export interface SpanDecoder {
  /** @throws Error if the body is not an OTLP document */
  json: (body: Buffer) => SpanEvent[];
  /** @throws Error if the body is not an OTLP message */
  protobuf: (body: Buffer) => SpanEvent[];
}

/**
 * Returns functions that decode an `ExportTraceServiceRequest`. They read only the fields that a history contains.
 *
 * @throws ProofloadError PACKAGE_MISSING
 */
export async function spanDecoder(): Promise<SpanDecoder> {
  const { PbfReader: Reader } = await importOptional('pbf', `\${otlp}`);
  return {
    json: (body) => toEvents(jsonExport.parse(JSON.parse(body.toString())).resourceSpans),
    protobuf: (body) => toEvents(new Reader(body).readFields(readExport, [])),
  };
}

const toEvents = (exported: readonly Exported[]): SpanEvent[] =>
  exported.flatMap(({ service, spans }) => spans.map((span) => toEvent(service, span)));

function toEvent(service: string, span: ExportedSpan): SpanEvent {
  const { traceId, spanId, parentSpanId, name, startTimeUnixNano, endTimeUnixNano, status } = span;
  return {
    type: 'span',
    at: startTimeUnixNano / 1e6,
    ms: (endTimeUnixNano - startTimeUnixNano) / 1e6,
    trace: traceId.toLowerCase(),
    id: spanId.toLowerCase(),
    ...(parentSpanId !== '' && { parent: parentSpanId.toLowerCase() }),
    service,
    name,
    failed: status.code === FAILED,
    ...(status.message !== '' && { message: status.message }),
  };
}

/** `STATUS_CODE_ERROR`. The other codes, unset and ok, are treated alike. */
const FAILED = 2;

const SERVICE_NAME = 'service.name';

const text = z.string().default('');
/** JSON has 64-bit numbers as texts. */
const nanoseconds = z.union([z.string(), z.number()]).transform(Number).pipe(z.number());
const noStatus = { code: 0, message: '' };

const jsonSpan = z.object({
  traceId: z.string(),
  spanId: z.string(),
  parentSpanId: text,
  name: text,
  startTimeUnixNano: nanoseconds,
  endTimeUnixNano: nanoseconds,
  status: z.object({ code: z.int().default(0), message: text }).default(noStatus),
});

const jsonAttribute = z.object({ key: text, value: z.object({ stringValue: text }).optional() });

const jsonExport = z.object({
  resourceSpans: z
    .array(
      z
        .object({
          resource: z.object({ attributes: z.array(jsonAttribute).default([]) }).optional(),
          scopeSpans: z.array(z.object({ spans: z.array(jsonSpan).default([]) })).default([]),
        })
        .transform(
          ({ resource, scopeSpans }): Exported => ({
            service: resource?.attributes.find(({ key }) => key === SERVICE_NAME)?.value?.stringValue ?? '',
            spans: scopeSpans.flatMap(({ spans }) => spans),
          }),
        ),
    )
    .default([]),
});

// The numbers of the fields are those of opentelemetry/proto/trace/v1/trace.proto. pbf skips fields that are not read.

function readExport(field: number, exported: Exported[], pbf: PbfReader): void {
  if (field === 1) exported.push(pbf.readMessage(readResourceSpans, { service: '', spans: [] }));
}

function readResourceSpans(field: number, exported: Exported, pbf: PbfReader): void {
  if (field === 1) pbf.readMessage(readResource, exported);
  if (field === 2) pbf.readMessage(readScopeSpans, exported.spans);
}

function readResource(field: number, exported: Exported, pbf: PbfReader): void {
  if (field !== 1) return;
  const { key, value } = pbf.readMessage(readAttribute, { key: '', value: '' });
  if (key === SERVICE_NAME) exported.service = value;
}

function readAttribute(field: number, attribute: { key: string; value: string }, pbf: PbfReader): void {
  if (field === 1) attribute.key = pbf.readString();
  if (field === 2) pbf.readMessage(readText, attribute);
}

function readText(field: number, attribute: { value: string }, pbf: PbfReader): void {
  if (field === 1) attribute.value = pbf.readString();
}

function readScopeSpans(field: number, spans: ExportedSpan[], pbf: PbfReader): void {
  if (field !== 2) return;
  const times = { startTimeUnixNano: 0, endTimeUnixNano: 0 };
  const empty = { traceId: '', spanId: '', parentSpanId: '', name: '', ...times, status: { ...noStatus } };
  spans.push(pbf.readMessage(readSpan, empty));
}

function readSpan(field: number, span: ExportedSpan, pbf: PbfReader): void {
  if (field === 1) span.traceId = readHex(pbf);
  if (field === 2) span.spanId = readHex(pbf);
  if (field === 4) span.parentSpanId = readHex(pbf);
  if (field === 5) span.name = pbf.readString();
  if (field === 7) span.startTimeUnixNano = pbf.readFixed64();
  if (field === 8) span.endTimeUnixNano = pbf.readFixed64();
  if (field === 15) pbf.readMessage(readStatus, span.status);
}

function readStatus(field: number, status: ExportedSpan['status'], pbf: PbfReader): void {
  if (field === 2) status.message = pbf.readString();
  if (field === 3) status.code = pbf.readVarint();
}

const readHex = (pbf: PbfReader): string => Buffer.from(pbf.readBytes()).toString('hex');
