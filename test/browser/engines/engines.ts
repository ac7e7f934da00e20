import { type ChildProcess, spawn } from "node:child_process";
import {
  accessSync,
  constants,
  existsSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { chromiumArgs } from "../../../scripts/chromium.mjs";
import { freePort } from "../../setup/freePort.mjs";
import { eventually } from "../demo";
import { httpSender, marionetteSender } from "./senders";
import { openTabs } from "./webDriver";

export type Look = "light" | "dark" | "forced";

/** A running browser. */
export type EngineBrowser = ReturnType<typeof openTabs> & {
  /** Takes the first tab off the network, as far as the page can see, and back. */
  offline(on: boolean): Promise<unknown>;
  quit(): Promise<void>;
};

/** One engine that a user's browser may have. */
export interface Engine {
  readonly name: string;
  /** Its name, with what is missing here. */
  readonly title: string;
  /** The programs that its tests need and that this machine lacks. */
  readonly missing: readonly string[];
  /** The looks that a page can be asked for in this engine. */
  readonly looks: readonly Look[];
  start(look?: Look): Promise<EngineBrowser>;
}

const MINI_BROWSER = ["4.1", "6.0", "4.0"]
  .map(
    (version) =>
      `/usr/lib/${process.arch === "arm64" ? "aarch64" : "x86_64"}-linux-gnu/webkit2gtk-${version}/MiniBrowser`,
  )
  .find((file) => existsSync(file));

const lacks = (programs: readonly string[]) => programs.filter((program) => !isInstalled(program));

const titled = (engine: Omit<Engine, "title">): Engine => ({
  ...engine,
  title:
    engine.missing.length > 0
      ? `${engine.name} (not installed: ${engine.missing.join(", ")})`
      : engine.name,
});

const all: readonly Engine[] = [
  titled({
    name: "Chromium",
    missing: lacks(["chromium", "chromedriver"]),
    looks: ["light", "dark", "forced"],
    start: startChromium,
  }),
  titled({
    name: "Firefox",
    missing: lacks(["firefox-esr"]),
    looks: ["light", "dark", "forced"],
    start: startFirefox,
  }),
  titled({
    name: "WebKitGTK",
    missing: [...lacks(["WebKitWebDriver", "Xvfb"]), ...(MINI_BROWSER ? [] : ["MiniBrowser"])],
    looks: ["light", "dark"],
    start: startWebKit,
  }),
];

/** Each engine behind its title, for the titles of its tests. */
export const engines = all.map((engine) => [engine.title, engine] as const);

async function startChromium(look: Look = "light"): Promise<EngineBrowser> {
  const driver = startProgram("chromedriver", ["--port=0"]);
  const port = await driver.says(/started successfully on port (\d+)/);
  const features = [
    { name: "prefers-color-scheme", value: look === "dark" ? "dark" : "light" },
    { name: "forced-colors", value: look === "forced" ? "active" : "none" },
  ];
  const send = await httpSender(`http://127.0.0.1:${port}`, {
    browserName: "chrome",
    "goog:chromeOptions": {
      binary: "/usr/bin/chromium",
      args: [...chromiumArgs, "--headless=new", "--window-size=1280,900"],
    },
  });
  const devTools = (cmd: string, params: object) =>
    send(["POST", "/goog/cdp/execute"], { cmd, params });
  await devTools("Emulation.setEmulatedMedia", { features });
  await devTools("Network.enable", {});
  return {
    ...openTabs(send, (id) => send(["POST", `/element/${id}/click`], {})),
    offline: (offline) =>
      devTools("Network.emulateNetworkConditions", {
        offline,
        latency: 0,
        downloadThroughput: -1,
        uploadThroughput: -1,
      }),
    quit: () => send(["DELETE", ""], {}).then(driver.end, driver.end),
  };
}

async function startFirefox(look: Look = "light"): Promise<EngineBrowser> {
  const profile = mkdtempSync(path.join(tmpdir(), "ares-react-firefox-"));
  const settings = {
    "marionette.port": 0,
    "layout.css.prefers-color-scheme.content-override": look === "dark" ? 0 : 1,
    "browser.display.document_color_use": look === "forced" ? 2 : 1,
    // The browser itself asks the network for nothing.
    "app.normandy.enabled": false,
    "network.captive-portal-service.enabled": false,
    "network.connectivity-service.enabled": false,
    "services.settings.server": "data:,",
    "datareporting.policy.dataSubmissionEnabled": false,
  };
  const lines = Object.entries(settings).map(
    ([name, value]) => `user_pref(${JSON.stringify(name)}, ${JSON.stringify(value)});`,
  );
  writeFileSync(path.join(profile, "user.js"), lines.join("\n"));
  const firefox = startProgram("firefox-esr", [
    "--headless",
    "--marionette",
    "--remote-allow-system-access",
    "--no-remote",
    "--width=1280",
    "--height=900",
    "--profile",
    profile,
    "about:blank",
  ]);
  const port = path.join(profile, "MarionetteActivePort");
  const socket = await marionetteSender(
    await eventually(
      async () => Number(readFileSync(port, "utf8")),
      (number) => number > 0,
    ),
  );
  await socket.command("WebDriver:NewSession", {});
  const inBrowser = async (script: string) => {
    await socket.command("Marionette:SetContext", { value: "chrome" });
    await socket.command("WebDriver:ExecuteScript", { script, args: [] });
    await socket.command("Marionette:SetContext", { value: "content" });
  };
  return {
    ...openTabs(socket.send, (id) => socket.command("WebDriver:ElementClick", { id })),
    offline: (on) => inBrowser(`Services.io.offline = ${on}`),
    async quit() {
      socket.close();
      await firefox.end();
      rmSync(profile, { recursive: true, force: true, maxRetries: 5 });
    },
  };
}

async function startWebKit(look: Look = "light"): Promise<EngineBrowser> {
  const folder = mkdtempSync(path.join(tmpdir(), "ares-react-webkit-"));
  const screen = startProgram("Xvfb", [
    "-displayfd",
    "1",
    "-screen",
    "0",
    "1280x1000x24",
    "-nolisten",
    "tcp",
  ]);
  const display = await screen.says(/^(\d+)\n/);
  const port = await freePort();
  const driver = startProgram("WebKitWebDriver", [`--port=${port}`], {
    DISPLAY: `:${display}`,
    GTK_THEME: look === "dark" ? "Adwaita:dark" : "Adwaita",
    LIBGL_ALWAYS_SOFTWARE: "1",
    XDG_CACHE_HOME: folder,
    XDG_DATA_HOME: folder,
  });
  const send = await httpSender(`http://127.0.0.1:${port}`, {
    browserName: "MiniBrowser",
    "webkitgtk:browserOptions": { binary: MINI_BROWSER, args: ["--automation"] },
  });
  const tabs = openTabs(send, (id) => send(["POST", `/element/${id}/click`], {}));
  return {
    ...tabs,
    // No command of WebKit cuts its network. The page is told what a browser tells it, and the test cuts the wire.
    offline: (on) =>
      tabs.first.ask((isOff) => {
        Object.defineProperty(navigator, "onLine", { configurable: true, value: !isOff });
        window.dispatchEvent(new Event(isOff ? "offline" : "online"));
      }, on),
    async quit() {
      await send(["DELETE", ""], {}).catch(() => undefined);
      await driver.end();
      await screen.end();
      rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
    },
  };
}

/** Starts a program in a process group of its own, which ends with this process at the latest. */
function startProgram(
  program: string,
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
) {
  const child = spawn(program, args, {
    env: { ...process.env, ...env },
    stdio: ["ignore", "pipe", "pipe"],
    detached: true,
  });
  let output = "";
  const gone = new Promise<void>((resolve) => child.once("exit", () => resolve()));
  for (const stream of [child.stdout, child.stderr])
    stream.on("data", (chunk) => (output += chunk));
  const kill = () => killGroup(child);
  process.once("exit", kill);
  return {
    /** Resolves to the first group of what the program prints. */
    async says(pattern: RegExp): Promise<string> {
      const found = await eventually(
        async () => pattern.exec(output)?.[1] ?? "",
        (text) => text !== "",
      );
      return found;
    },
    async end(): Promise<void> {
      process.off("exit", kill);
      kill();
      await gone;
    },
  };
}

function killGroup(child: ChildProcess): void {
  try {
    if (child.pid !== undefined) process.kill(-child.pid, "SIGKILL");
  } catch {
    // Nothing of the group is left.
  }
}

function isInstalled(program: string): boolean {
  return (process.env.PATH ?? "").split(path.delimiter).some((folder) => {
    try {
      accessSync(path.join(folder, program), constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
}
