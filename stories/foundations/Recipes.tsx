import { Markdown } from "@storybook/addon-docs/blocks";
import bootstrap5 from "../../docs/looks/bootstrap-5.md?raw";
import mui from "../../docs/looks/mui.md?raw";
import plain from "../../docs/looks/plain.md?raw";
import shadcn from "../../docs/looks/shadcn.md?raw";
import tailwind3 from "../../docs/looks/tailwind-3.md?raw";
import tailwind4 from "../../docs/looks/tailwind-4.md?raw";

const pages = [plain, tailwind3, tailwind4, bootstrap5, shadcn, mui];

/** The recipes of `docs/looks`, word for word. A test builds each of them for production. */
export function Recipes() {
  return pages.map((page) => {
    const [title = "", ...text] = page.split("\n");
    return (
      <details key={title}>
        <summary>{title.replace("# ", "")}</summary>
        {/* The other pages stand beside this one, not at their addresses. */}
        <Markdown>{text.join("\n").replaceAll(/\[([^\]]+)\]\([\w-]+\.md\)/g, "$1")}</Markdown>
      </details>
    );
  });
}
