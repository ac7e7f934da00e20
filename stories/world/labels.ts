import { createContext, useContext } from "react";
import type { LocaleName } from "./view";

/** The features of the stories, as an app names them to its users. */
const labels: Readonly<Record<string, Partial<Record<LocaleName, string>>>> = {
  Report: { de: "Bericht", fr: "Rapport", es: "Informe", ar: "التقرير", ja: "レポート" },
  "The same Report": {
    de: "Derselbe Bericht",
    fr: "Le même rapport",
    es: "El mismo informe",
    ar: "التقرير نفسه",
    ja: "同じレポート",
  },
  "PDF export": {
    de: "PDF-Export",
    fr: "Export PDF",
    es: "Exportación PDF",
    ar: "تصدير PDF",
    ja: "PDF書き出し",
  },
  Illustration: {
    de: "Illustration",
    fr: "Illustration",
    es: "Ilustración",
    ar: "الرسم",
    ja: "イラスト",
  },
};

export const labelIn = (locale: LocaleName, label: string): string =>
  labels[label]?.[locale] ?? label;

export const StoryLocale = createContext<LocaleName>("en");

/** A feature's name in the language of the story around it. */
export const useLabel = (label: string): string => labelIn(useContext(StoryLocale), label);
