import type { Metric } from './metric.ts';
import type { MetricRegistry } from './registry.ts';

/** The metrics recorded by the engine itself, under k6's names. */
export type BuiltinMetrics = ReturnType<typeof declareBuiltinMetrics>;

/** Declares k6's built-in metrics and the submetric that k6's summary always shows. */
export function declareBuiltinMetrics(registry: MetricRegistry) {
  const time = (name: string): Metric => registry.declare(name, 'trend', 'time');
  const builtin = {
    vus: registry.declare('vus', 'gauge'),
    vusMax: registry.declare('vus_max', 'gauge'),
    iterations: registry.declare('iterations', 'counter'),
    iterationDuration: time('iteration_duration'),
    droppedIterations: registry.declare('dropped_iterations', 'counter'),
    checks: registry.declare('checks', 'rate'),
    groupDuration: time('group_duration'),
    dataSent: registry.declare('data_sent', 'counter', 'data'),
    dataReceived: registry.declare('data_received', 'counter', 'data'),
    wsSessions: registry.declare('ws_sessions', 'counter'),
    wsMsgsSent: registry.declare('ws_msgs_sent', 'counter'),
    wsMsgsReceived: registry.declare('ws_msgs_received', 'counter'),
    wsPing: time('ws_ping'),
    wsSessionDuration: time('ws_session_duration'),
    wsConnecting: time('ws_connecting'),
    httpReqs: registry.declare('http_reqs', 'counter'),
    httpReqFailed: registry.declare('http_req_failed', 'rate'),
    httpReqDuration: time('http_req_duration'),
    httpReqBlocked: time('http_req_blocked'),
    httpReqConnecting: time('http_req_connecting'),
    httpReqTls: time('http_req_tls_handshaking'),
    httpReqSending: time('http_req_sending'),
    httpReqWaiting: time('http_req_waiting'),
    httpReqReceiving: time('http_req_receiving'),
  };
  registry.select('http_req_duration{expected_response:true}');
  return builtin;
}
