import { createRequire } from "node:module";
import { useAuth as useAuth5 } from "@clerk/clerk-react";
import { useAuth as useAuth6 } from "@clerk/react";
import { useQuery } from "@tanstack/react-query";
import { render, screen } from "@testing-library/react";
import { useAresUser } from "ares-react";
import { AresTestProvider } from "ares-react/testing";
import { version } from "react";
import { version as domVersion } from "react-dom";
import { version as serverVersion } from "react-dom/server";
import { expect, test } from "vitest";

test("React 18 renders here, and no other React is loaded beside it", async () => {
  function Credits() {
    const user = useAresUser();
    return (
      <p>{user.status === "ready" ? `${user.credits} credits on React ${version}` : user.status}</p>
    );
  }

  render(
    <AresTestProvider>
      <Credits />
    </AresTestProvider>,
  );

  expect(await screen.findByText(/^698 credits on React 18\./)).toBeTruthy();
  expect([version, domVersion, serverVersion]).toEqual(
    Array(3).fill(expect.stringMatching(/^18\./)),
  );
  expect([useAuth5, useAuth6, useQuery].map((hook) => typeof hook)).toEqual(
    Array(3).fill("function"),
  );
  const loaded = Object.keys(createRequire(import.meta.url).cache).filter((file) =>
    /node_modules\/react(-dom)?(-18)?\//.test(file),
  );
  expect(loaded.length).toBeGreaterThan(0);
  expect(loaded.filter((file) => !/react(-dom)?-18\//.test(file))).toEqual([]);
});
