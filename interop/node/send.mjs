// Sends one trace and one metric through the OpenTelemetry Node SDK and waits until both were acknowledged.
// usage: node send.mjs grpc|http/protobuf|http/json ENDPOINT SERVICE
import { context, metrics, SpanKind, SpanStatusCode, trace } from '@opentelemetry/api';
import { resourceFromAttributes } from '@opentelemetry/resources';
import { PeriodicExportingMetricReader } from '@opentelemetry/sdk-metrics';
import { NodeSDK } from '@opentelemetry/sdk-node';

const [protocol, endpoint, service] = process.argv.slice(2);
const package_ = { grpc: 'grpc', 'http/protobuf': 'proto', 'http/json': 'http' }[protocol];
const { OTLPTraceExporter } = await import(`@opentelemetry/exporter-trace-otlp-${package_}`);
const { OTLPMetricExporter } = await import(`@opentelemetry/exporter-metrics-otlp-${package_}`);
const url = (path) => (protocol === 'grpc' ? endpoint : endpoint + path);

const sdk = new NodeSDK({
  autoDetectResources: false,
  resource: resourceFromAttributes({ 'service.name': service }),
  traceExporter: new OTLPTraceExporter({ url: url('/v1/traces') }),
  metricReaders: [new PeriodicExportingMetricReader({ exporter: new OTLPMetricExporter({ url: url('/v1/metrics') }) })],
  instrumentations: [],
});
sdk.start();

const tracer = trace.getTracer('interop');
const server = tracer.startSpan('GET /orders', {
  kind: SpanKind.SERVER,
  attributes: {
    'http.request.method': 'GET',
    'url.scheme': 'http',
    'server.address': 'shop.example',
    'url.path': '/orders',
    'http.response.status_code': 500,
  },
});
context.with(trace.setSpan(context.active(), server), () => {
  const child = tracer.startSpan('reserve stock');
  child.recordException(new Error('no stock left'));
  child.setStatus({ code: SpanStatusCode.ERROR, message: 'no stock left' });
  child.end();
});
server.setStatus({ code: SpanStatusCode.ERROR });
server.end();
metrics.getMeter('interop').createCounter('orders').add(3, { currency: 'EUR' });

console.log(server.spanContext().traceId);
await sdk.shutdown();
