import { ares } from "../../../lib/ares";

export const { GET, POST } = ares;
