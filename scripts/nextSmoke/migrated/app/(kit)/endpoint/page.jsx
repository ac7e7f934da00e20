"use client";
import { useAresAction } from "ares-react";

export default function Page() {
  const feature = useAresAction({ usage: "test-button" }, (key) =>
    fetch("/api/feature", { method: "POST", headers: { "Idempotency-Key": key } }),
  );
  return (
    <button type="button" onClick={feature.run}>
      {feature.result ? "The answer came." : `Ask for ${feature.price} credit`}
    </button>
  );
}
