import { useSyncExternalStore } from "react";

/** How a story is looked at, apart from what it shows. */
export interface View {
  theme: "light" | "dark";
  locale: LocaleName;
}

export const localeNames = { en: "English", de: "Deutsch", fr: "Français", es: "Español", ar: "العربية", ja: "日本語" } as const;
export type LocaleName = keyof typeof localeNames;

export const directionOf = (locale: LocaleName): "ltr" | "rtl" => (locale === "ar" ? "rtl" : "ltr");

let override: Partial<View> = {};
const listeners = new Set<() => void>();

/** Looks at the stories on this page in another way without mounting them anew: for checks in several views. */
export function lookAs(view: Partial<View>): void {
  override = view;
  for (const listener of listeners) listener();
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** The view the toolbar asks for, unless a check asks for another. */
export function useView(view: View): View {
  return { ...view, ...useSyncExternalStore(subscribe, () => override) };
}
