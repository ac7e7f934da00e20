"use server";
import { isAresError } from "ares-react/server";
import { headers } from "next/headers";
import { redirect } from "next/navigation";
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

/** Pays, then goes to another page. `redirect` throws, so it stands outside of the try. */
export async function exportAndOpen(key: string) {
  const exported = await exportPdf(key);
  if (exported.code) return { code: exported.code };
  redirect(`/export?open=${exported.paidWith}`);
}

export async function mailPdf(key: string, form: FormData) {
  const exported = await exportPdf(key);
  if (exported.code) return { code: exported.code };
  return { sentTo: String(form.get("to")) };
}
