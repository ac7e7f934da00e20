import type { ReactNode } from "react";
import { renderToString } from "react-dom/server";
import { describe, expect, it, vi } from "vitest";
import { AresProvider } from "../../src";
import { AresServerGate, type AresServerGateProps } from "../../src/rsc";
import { AresError } from "../../src/server";
import { headersOfNext } from "../server/paid/headersOfNext";
import { quotedWorld } from "../server/quotedWorld";
import { type prices, world } from "../server/world";

const SECRET = "The secret of the report";
const headers = headersOfNext({ host: "app.example" });

type Props = Partial<AresServerGateProps<typeof prices, "report">>;

/** The HTML of a page with the gate, as a framework renders it: first the server component, then the client's. */
async function htmlOf(
  { server }: Pick<ReturnType<typeof world>, "server">,
  props: Props = {},
): Promise<string> {
  const { children = <p>{SECRET}</p>, ...rest } = props;
  const tree: ReactNode = await AresServerGate({
    ares: server,
    headers,
    usage: "report",
    resource: "r-1",
    label: "Report",
    ...rest,
    children,
  });
  return renderToString(<AresProvider endpoint="/api/ares">{tree}</AresProvider>);
}

describe("AresServerGate", () => {
  it("sends a gate without children before the payment, and the children after it", async () => {
    const w = world();

    const before = await htmlOf(w);
    await w.post({ usage: "report", resource: "r-1" });
    const after = await htmlOf(w);

    expect(before).not.toContain(SECRET);
    expect(before).toContain('data-status="loading"');
    expect(after).toContain(SECRET);
    expect(after).toContain('data-status="entitled"');
  });

  it("calls a function of children only after the payment, with the charge", async () => {
    const w = world();
    const children = vi.fn(async () => SECRET);

    await htmlOf(w, { children });
    expect(children).not.toHaveBeenCalled();
    await w.post({ usage: "report", resource: "r-1" });

    expect(await htmlOf(w, { children })).toContain(SECRET);
    expect(children).toHaveBeenCalledWith(
      expect.objectContaining({ usage: "report", resource: "r-1", credits: 3 }),
    );
  });

  it("charges nothing, and takes a promise of headers", async () => {
    const w = world();
    await w.post({ usage: "report", resource: "r-1" });

    await htmlOf(w, { headers: Promise.resolve(headers), trigger: "mount" });
    await htmlOf(w, { resource: "r-2", trigger: "mount" });

    expect(w.ares.book).toHaveLength(1);
  });

  it("shows a gate of the app's own while the resource is not paid", async () => {
    const w = world();
    const fallback = <p>Buy it</p>;

    expect(await htmlOf(w, { fallback })).toContain("Buy it");
    await w.post({ usage: "report", resource: "r-1" });
    expect(await htmlOf(w, { fallback })).not.toContain("Buy it");
  });

  it("opens for a subscriber with no look into the ledger", async () => {
    const w = world({ auth: async () => null });

    expect(await htmlOf(w, { entitled: true })).toContain(SECRET);
  });

  it.each([
    ["nobody is signed in", { auth: async () => null }],
    [
      "the sign-in is down",
      {
        auth: async () => {
          throw new Error("down");
        },
      },
    ],
    [
      "the ledger is down",
      {
        ledger: {
          ...world().ledger,
          find: () => Promise.reject(new Error("down")),
          findMany: undefined,
        },
      },
    ],
  ])("fails closed when %s: a gate, and no children", async (_, options) => {
    const html = await htmlOf(world({ onError: () => {}, ...options } as never));

    expect(html).not.toContain(SECRET);
    expect(html).toContain('data-ares-part="gate"');
  });

  it.each([undefined, null, 7])(
    "stops a page that names no resource, in words: %s",
    async (resource) => {
      const words = expect.objectContaining({
        message: expect.stringMatching(/AresServerGate.*resource/),
      });

      await expect(htmlOf(world(), { resource: resource as never })).rejects.toEqual(words);
      await expect(
        htmlOf(world(), { resource: resource as never, entitled: true }),
      ).rejects.toEqual(words);
    },
  );

  it("throws what is no answer about money, such as a redirect of the framework", async () => {
    const { server } = world();
    const redirect = Object.assign(new Error("NEXT_REDIRECT"), {
      digest: "NEXT_REDIRECT;replace;/login;307;",
    });

    await expect(htmlOf({ server }, { headers: Promise.reject(redirect) })).rejects.toBe(redirect);
    await expect(htmlOf(world({ auth: () => Promise.reject(redirect) }))).rejects.toBe(redirect);
    const broken = {
      ...server,
      requirePaid: () => Promise.reject(new AresError("internal", "broken")),
    };
    expect(await htmlOf({ server: broken })).not.toContain(SECRET);
  });
});

describe("AresServerGate of a quoted usage", () => {
  it("sends its children for the paid input alone", async () => {
    const w = quotedWorld();
    await w.post({ usage: "render", resource: "film", input: { pages: 1 } });
    const html = async (pages: number) => {
      const of = {
        ares: w.server,
        headers,
        usage: "render",
        resource: "film",
        input: { pages },
      } as const;
      return renderToString(
        <AresProvider endpoint="/api/ares">
          {await AresServerGate({ ...of, children: SECRET })}
        </AresProvider>,
      );
    };

    expect(await html(1)).toContain(SECRET);
    expect(await html(500)).not.toContain(SECRET);
  });
});
