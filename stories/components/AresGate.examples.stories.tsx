import type { Meta, StoryObj } from "@storybook/react-vite";
import { AresGate, AresGateActions, AresGateStatus, UnlockButton, useAresGate } from "ares-react";
import { expect, within } from "storybook/test";
import { useLabel } from "../world/labels";
import { Report } from "../world/Report";
import { wordsIn } from "../world/words";

/** Gates at typical places in an app. The markup around them is the app's own. */
const meta = {
  title: "Components/AresGate/Examples",
  component: AresGate,
  args: { usage: "export-pdf", label: "PDF export" },
  argTypes: {
    children: { control: false },
    slots: { control: false },
    renderButton: { control: false },
  },
} satisfies Meta<typeof AresGate>;

export default meta;
type Story = StoryObj<typeof meta>;

const source = (code: string) => ({ docs: { source: { code } } });

const finds = (label: string, price: number): NonNullable<Story["play"]> => {
  return async ({ canvasElement, globals }) => {
    const name = wordsIn(globals).unlock(label, price);
    await expect(await within(canvasElement).findByRole("button", { name })).toBeVisible();
  };
};

function ExportItem() {
  const gate = useAresGate({ usage: "export-pdf" });
  const label = useLabel("PDF export");
  return (
    <li>
      <AresGateActions gate={gate} label={label} classNames={{ unlock: "menu-item" }} />
      {gate.status === "unlocked" && <a href="#pdf">tides.pdf</a>}
      <AresGateStatus gate={gate} label={label} />
    </li>
  );
}

/** One entry of a menu costs credits. Its live region is part of the entry. */
export const MenuItem: Story = {
  parameters: source(`function ExportItem() {
  const gate = useAresGate({ usage: "export-pdf" });
  return (
    <li>
      <AresGateActions gate={gate} label="PDF export" classNames={{ unlock: "menu-item" }} />
      {gate.status === "unlocked" && <a href="#pdf">tides.pdf</a>}
      <AresGateStatus gate={gate} label="PDF export" />
    </li>
  );
}`),
  render: () => (
    <ul className="menu" aria-label="Share">
      <li>
        <button type="button" className="menu-item" lang="en">
          Copy the link
        </button>
      </li>
      <ExportItem />
    </ul>
  ),
  play: async (context) => {
    await finds("PDF export", 1)(context);
    const looks = (part: Element | null) => {
      const { backgroundColor, textAlign, paddingBlockStart } = getComputedStyle(
        part ?? context.canvasElement,
      );
      return { backgroundColor, textAlign, paddingBlockStart };
    };
    const [own, paid] = context.canvasElement.querySelectorAll("button");
    await expect(looks(paid ?? null)).toEqual(looks(own ?? null));
  },
};

const DownloadIcon = () => (
  <svg
    aria-hidden="true"
    width="18"
    height="18"
    viewBox="0 0 18 18"
    fill="none"
    stroke="currentColor"
    strokeWidth="1.6"
  >
    <path d="M3 14.5h12M9 3v8M5.5 8 9 11.5 12.5 8" />
  </svg>
);

function Toolbar() {
  const gate = useAresGate({ usage: "export-pdf" });
  const label = useLabel("PDF export");
  const isForSale = "unlock" in gate || "retry" in gate || gate.status === "charging";
  return (
    <>
      {isForSale ? (
        <UnlockButton gate={gate} label={label} icon={<DownloadIcon />} />
      ) : (
        <AresGateActions gate={gate} label={label} />
      )}
      <AresGateStatus gate={gate} label={label} />
    </>
  );
}

/** An icon in a toolbar. The button's accessible name has the words and the price. */
export const IconButton: Story = {
  parameters: source(`function Toolbar() {
  const gate = useAresGate({ usage: "export-pdf" });
  const isForSale = "unlock" in gate || "retry" in gate || gate.status === "charging";
  return (
    <>
      {isForSale ? (
        <UnlockButton gate={gate} label="PDF export" icon={<DownloadIcon />} />
      ) : (
        <AresGateActions gate={gate} label="PDF export" />
      )}
      <AresGateStatus gate={gate} label="PDF export" />
    </>
  );
}`),
  render: () => <Toolbar />,
};

/** A card that sells one feature, and asks again before a charge. */
export const CardWithPrice: Story = {
  args: {
    usage: "report",
    label: "Report",
    resource: "report-42",
    confirmation: "always",
    children: <Report />,
  },
  parameters: source(`<article className="card">
  <h3>Tides of the North Sea</h3>
  <p>48 pages, 12 charts. Yours to read as often as you like.</p>
  <AresGate usage="report" resource="report-42" label="Report" confirmation="always">
    <Report />
  </AresGate>
</article>`),
  render: (args) => (
    <article className="card">
      <h3 lang="en" dir="ltr">
        Tides of the North Sea
      </h3>
      <p lang="en" dir="ltr">
        48 pages, 12 charts. Yours to read as often as you like.
      </p>
      <AresGate {...args} />
    </article>
  ),
};

/** Subscribers pay nothing and see no gate. Other users pay for each use. */
export const Subscriber: Story = {
  args: {
    usage: "report",
    label: "Report",
    entitled: true,
    children: <Report title="Your report" />,
  },
  parameters: source(`<AresGate usage="report" label="Report" entitled={user.plan === "pro"}>
  <Report />
</AresGate>`),
};
