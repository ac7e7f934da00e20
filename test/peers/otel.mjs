import assert from "node:assert/strict";
import { context, metrics, trace } from "@opentelemetry/api";
import { otel } from "ares-react/otel";
import { createTestServer } from "ares-react/testing";

const ended = [];
const measured = new Map();
const spanOf = (name) => ({
  setAttributes() {},
  setStatus() {},
  end: () => ended.push(name),
  spanContext: () => ({ traceId: "1".repeat(32), spanId: "2".repeat(16), traceFlags: 1 }),
});
const instrument = (name) => {
  const count = (value) => measured.set(name, value);
  return { add: count, record: count };
};
trace.setGlobalTracerProvider({ getTracer: () => ({ startSpan: spanOf }) });
metrics.setGlobalMeterProvider({
  getMeter: () => ({
    createCounter: instrument,
    createGauge: instrument,
    createHistogram: instrument,
  }),
});
context.disable();

const { fetch } = createTestServer({ server: { telemetry: otel() } });
const headers = {
  "Content-Type": "application/json",
  "Idempotency-Key": `${Date.now()}-${"a".repeat(16)}`,
};
const body = JSON.stringify({ usage: "export-pdf" });
const answer = await fetch("https://app.example/api/ares", { method: "POST", headers, body });
assert.equal(answer.status, 200);
assert.ok(ended.includes("ares.charge") && ended.includes("POST /v1/partner/usage"));
assert.equal(measured.get("ares.charges"), 1);
assert.ok(measured.has("ares.api.duration"));
console.log("a charge is traced and measured");
