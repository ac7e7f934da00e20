import { useSyncExternalStore } from "react";

/** How a story looks, apart from its content. */
export interface View {
  theme: "light" | "dark";
  locale: LocaleName;
}

export const localeNames = {
  en: "English",
  de: "Deutsch",
  fr: "Français",
  es: "Español",
  ar: "العربية",
  ja: "日本語",
} as const;
export type LocaleName = keyof typeof localeNames;

export const directionOf = (locale: LocaleName): "ltr" | "rtl" => (locale === "ar" ? "rtl" : "ltr");

let override: Partial<View> = {};
const listeners = new Set<() => void>();

/** Shows the stories on this page in another view, without a new mount. The checks in several views need this. */
export function lookAs(view: Partial<View>): void {
  override = view;
  for (const listener of listeners) listener();
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** The view of the toolbar, unless a check sets another view. */
export function useView(view: View): View {
  return { ...view, ...useSyncExternalStore(subscribe, () => override) };
}
