import { ares } from "@/lib/ares";

export async function GET(request: Request, { params }: { params: Promise<{ id: string }> }) {
  const { id } = await params;
  try {
    await ares.requirePaid(request, { usage: "report", resource: id });
  } catch (refusal) {
    if (refusal instanceof Response) return refusal;
    throw refusal;
  }
  return Response.json({ report: id });
}
