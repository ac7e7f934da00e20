export interface Report {
  id: string;
  title: string;
  paragraphs: readonly string[];
  figures: readonly { label: string; value: number; unit: string }[];
}

/** A report stays on the server until it is paid. The page lists all but the last report, which is left to the terminal. */
export const reports: readonly Report[] = [
  {
    id: "alder-2025",
    title: "The Alder, twelve months of water",
    paragraphs: [
      "The river ran lower than in any of the six years before, and cleaner. The gravel bars below the mill lay open from June to the middle of September.",
      "Dippers bred at all four stations. Two pairs raised a second brood, which we had not seen before.",
    ],
    figures: [
      { label: "Mean level", value: 41, unit: "cm" },
      { label: "Breeding pairs", value: 9, unit: "" },
      { label: "Clear days", value: 203, unit: "" },
    ],
  },
  {
    id: "orchard-2025",
    title: "The old orchard, tree by tree",
    paragraphs: [
      "Of 148 trees 131 bore fruit. The late frost of 21 April cost the plums almost everything and the apples almost nothing.",
      "The three oldest pears were propped up in March and should stand another ten winters.",
    ],
    figures: [
      { label: "Trees in fruit", value: 131, unit: "" },
      { label: "Harvest", value: 2140, unit: "kg" },
      { label: "Varieties", value: 37, unit: "" },
    ],
  },
  {
    id: "moths-2025",
    title: "Moths at the lamp",
    paragraphs: [
      "Sixty-two nights, 4,911 moths, 218 species. The best night was 9 July: warm, overcast, no moon and almost no wind.",
      "Five species were new to the parish. One of them, a crescent dart, has so far been known from the coast only.",
    ],
    figures: [
      { label: "Nights", value: 62, unit: "" },
      { label: "Species", value: 218, unit: "" },
      { label: "New to the parish", value: 5, unit: "" },
    ],
  },
  {
    id: "ford-2025",
    title: "The ford, open and closed",
    paragraphs: [
      "The ford was closed on 31 days, twelve of them in March. Nobody had to be pulled out.",
    ],
    figures: [{ label: "Days closed", value: 31, unit: "" }],
  },
];
