import { type AresServerOptions, createAresServer } from "ares-react/server";
import { AresTestProvider, createTestServer, type TestServer } from "ares-react/testing";
import { expectTypeOf } from "vitest";

declare const options: AresServerOptions;

createAresServer({
  ...options,
  cors: ["https://shop.example"],
  errorPages: "https://docs.example/errors",
});
// @ts-expect-error one origin is a list too: nobody writes "*" by mistake
createAresServer({ ...options, cors: "*" });
// @ts-expect-error no switch opens a server to every page
createAresServer({ ...options, cors: true });
expectTypeOf(createAresServer(options).OPTIONS).returns.resolves.toEqualTypeOf<Response>();

createTestServer({
  charges: [{ usage: "report", resource: "r", status: "unknown" }],
  fault: "insufficient",
});
// @ts-expect-error a charge that is under way belongs to a press
createTestServer({ charges: [{ usage: "report", status: "sending" }] });
// @ts-expect-error no fault has this name
createTestServer({ fault: "out-of-luck" });
expectTypeOf<TestServer["ready"]>().toEqualTypeOf<Promise<void>>();
expectTypeOf(AresTestProvider).parameter(0).toHaveProperty("charges");
