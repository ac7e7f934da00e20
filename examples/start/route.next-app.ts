import { ares } from "./ares";

export const { GET, POST } = ares;
