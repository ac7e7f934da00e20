import { definePrices } from "ares-react/server";

export const prices = definePrices({ report: 3, "export-pdf": 1 });
