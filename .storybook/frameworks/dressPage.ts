/** The stylesheets that an app has from its framework. */
const sheets = {
  bootstrap: () => import("bootstrap/dist/css/bootstrap.min.css?inline"),
  tailwind: () => import("./tailwind.css?inline"),
};

const isFramework = (name: unknown): name is keyof typeof sheets =>
  typeof name === "string" && name in sheets;

/** Gives the page a framework's stylesheet, before the kit's own as an app imports them, or takes it away. */
export async function dressPage(framework: unknown): Promise<void> {
  const sheet = isFramework(framework) ? (await sheets[framework]()).default : "";
  const style = document.getElementById("framework") ?? document.createElement("style");
  style.id = "framework";
  if (style.textContent !== sheet) style.textContent = sheet;
  if (!style.isConnected) document.head.prepend(style);
}
