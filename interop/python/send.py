"""Sends one trace and one metric through the OpenTelemetry Python SDK and waits until both were acknowledged.

usage: send.py grpc|http/protobuf ENDPOINT SERVICE
"""

import sys

from opentelemetry import trace
from opentelemetry.sdk.metrics import MeterProvider
from opentelemetry.sdk.metrics.export import PeriodicExportingMetricReader
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor
from opentelemetry.trace import SpanKind

protocol, endpoint, service = sys.argv[1:]
if protocol == "grpc":
    from opentelemetry.exporter.otlp.proto.grpc.metric_exporter import OTLPMetricExporter
    from opentelemetry.exporter.otlp.proto.grpc.trace_exporter import OTLPSpanExporter

    span_exporter = OTLPSpanExporter(endpoint=endpoint, insecure=True)
    metric_exporter = OTLPMetricExporter(endpoint=endpoint, insecure=True)
else:
    from opentelemetry.exporter.otlp.proto.http import Compression
    from opentelemetry.exporter.otlp.proto.http.metric_exporter import OTLPMetricExporter
    from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter

    span_exporter = OTLPSpanExporter(endpoint=endpoint + "/v1/traces", compression=Compression.Gzip)
    metric_exporter = OTLPMetricExporter(endpoint=endpoint + "/v1/metrics", compression=Compression.Gzip)

resource = Resource({"service.name": service})
tracers = TracerProvider(resource=resource)
tracers.add_span_processor(BatchSpanProcessor(span_exporter))
meters = MeterProvider(resource=resource, metric_readers=[PeriodicExportingMetricReader(metric_exporter)])

tracer = tracers.get_tracer("interop")
http = {"http.method": "POST", "http.url": "http://shop.example/orders?id=7", "http.status_code": 404}
with tracer.start_as_current_span("POST /orders", kind=SpanKind.SERVER, attributes=http) as server:
    sql = {"db.system": "postgresql", "db.name": "shop", "db.statement": "SELECT 1", "net.peer.name": "db"}
    with tracer.start_as_current_span("SELECT shop", kind=SpanKind.CLIENT, attributes=sql):
        pass
meters.get_meter("interop").create_histogram("latency", unit="ms").record(12.5, {"route": "/orders"})

print(trace.format_trace_id(server.get_span_context().trace_id))
if not tracers.force_flush(10_000) or not meters.force_flush(10_000):
    sys.exit("the collector did not acknowledge in time")
tracers.shutdown()
meters.shutdown()
