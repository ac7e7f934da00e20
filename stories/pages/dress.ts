/** The classes that an app puts on its own elements, with each framework. */
export interface Dress {
  tile: string;
  title: string;
  text: string;
  figure: string;
  link: string;
  table: string;
  button: string;
}

const own: Dress = {
  tile: "app-tile",
  title: "",
  text: "",
  figure: "",
  link: "",
  table: "app-table",
  button: "app-button",
};

const bootstrap: Dress = {
  tile: "card card-body gap-2",
  title: "card-title h6 mb-0",
  text: "card-text text-body-secondary small fw-normal flex-grow-1 mb-0",
  figure: "h4 mb-0",
  link: "",
  table: "table align-middle mb-0",
  button: "btn btn-sm btn-secondary",
};

const tailwind: Dress = {
  tile: "flex flex-col gap-2 rounded-xl border border-zinc-200 bg-white p-4 shadow-xs dark:border-zinc-800 dark:bg-zinc-900",
  title: "font-semibold",
  text: "grow text-sm text-zinc-600 dark:text-zinc-400",
  figure: "text-xl font-semibold",
  link: "underline",
  table:
    "w-full text-left [&_td]:border-t [&_td]:border-zinc-200 [&_td]:py-3 [&_td]:pe-4 [&_th]:border-t [&_th]:border-zinc-200 [&_th]:py-3 [&_th]:pe-4 [&_th]:font-normal dark:[&_td]:border-zinc-800 dark:[&_th]:border-zinc-800",
  button: "rounded-md border border-zinc-300 px-2.5 py-1 text-sm dark:border-zinc-700",
};

/** The classes of the framework in Storybook's toolbar. */
export function dressOf({ framework }: Record<string, unknown>): Dress {
  if (framework === "bootstrap") return bootstrap;
  return framework === "tailwind" ? tailwind : own;
}
