import { ares } from "../../../lib/ares";

export const runtime = "edge";
export const { GET, POST } = ares;
