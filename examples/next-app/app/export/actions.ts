"use server";
import { isAresError } from "ares-react/server";
import { headers } from "next/headers";
import { ares } from "@/lib/ares";

export async function exportPdf(key: string) {
  try {
    const { id } = await ares.charge(await headers(), { usage: "export-pdf", key });
    return { pdf: "…", paidWith: id }; // keep expensive work under this id: each repeat of the call gets the same id
  } catch (error) {
    if (isAresError(error)) return { code: error.code };
    throw error;
  }
}
