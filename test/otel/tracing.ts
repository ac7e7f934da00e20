import { context, metrics, propagation, trace } from "@opentelemetry/api";
import { AsyncLocalStorageContextManager } from "@opentelemetry/context-async-hooks";
import { W3CTraceContextPropagator } from "@opentelemetry/core";
import { MeterProvider, MetricReader } from "@opentelemetry/sdk-metrics";
import {
  BasicTracerProvider,
  InMemorySpanExporter,
  type ReadableSpan,
  SimpleSpanProcessor,
} from "@opentelemetry/sdk-trace-base";

/** Reads the metrics when a test asks. */
class OnDemand extends MetricReader {
  protected override async onForceFlush() {}
  protected override async onShutdown() {}
}

/** An app's SDK, whose spans and metrics stay in memory. `end` takes it off again: the API's registers are global. */
export function registerSdk() {
  const exporter = new InMemorySpanExporter();
  const reader = new OnDemand();
  trace.setGlobalTracerProvider(
    new BasicTracerProvider({ spanProcessors: [new SimpleSpanProcessor(exporter)] }),
  );
  metrics.setGlobalMeterProvider(new MeterProvider({ readers: [reader] }));
  propagation.setGlobalPropagator(new W3CTraceContextPropagator());
  context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());

  /** Every point of a metric: its attributes and its value. */
  async function points(name: string) {
    const all = await everyMetric();
    return all.filter((metric) => metric.name === name).flatMap((metric) => metric.points);
  }

  async function everyMetric() {
    const { resourceMetrics } = await reader.collect();
    return resourceMetrics.scopeMetrics.flatMap((scope) =>
      scope.metrics.map(({ descriptor, dataPoints }) => ({
        name: descriptor.name,
        unit: descriptor.unit,
        points: dataPoints.map(({ attributes, value }) => ({ attributes, value })),
      })),
    );
  }

  return {
    spans: () => exporter.getFinishedSpans(),
    points,
    everyMetric,
    end() {
      for (const api of [trace, metrics, propagation, context]) api.disable();
    },
  };
}

/** What a span is and says, and under which span of the same trace it stands. */
export function plain(span: ReadableSpan, all: readonly ReadableSpan[]) {
  const parent = all.find((each) => each.spanContext().spanId === span.parentSpanContext?.spanId);
  return {
    name: span.name,
    kind: span.kind,
    under: parent?.name,
    trace: span.spanContext().traceId,
    attributes: span.attributes,
    status: span.status,
    events: span.events,
  };
}
