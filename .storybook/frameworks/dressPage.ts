import bootstrapRecipe from "../../docs/looks/bootstrap-5.md?raw";

/** The stylesheets that an app has from its framework, and what the kit's recipe adds. */
const sheets = {
  bootstrap: async () => {
    const { default: sheet } = await import("bootstrap/dist/css/bootstrap.min.css?inline");
    return sheet + (/```css\n(.+?)```/s.exec(bootstrapRecipe)?.[1] ?? "");
  },
  tailwind: async () => (await import("./tailwind.css?inline")).default,
};

const isFramework = (name: unknown): name is keyof typeof sheets =>
  typeof name === "string" && name in sheets;

/** Gives the page a framework's stylesheet, before the kit's own as an app imports them, or takes it away. */
export async function dressPage(framework: unknown): Promise<void> {
  const sheet = isFramework(framework) ? await sheets[framework]() : "";
  const style = document.getElementById("framework") ?? document.createElement("style");
  style.id = "framework";
  if (style.textContent !== sheet) style.textContent = sheet;
  if (!style.isConnected) document.head.prepend(style);
}
