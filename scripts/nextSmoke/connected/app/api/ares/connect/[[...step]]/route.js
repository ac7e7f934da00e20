import { connection } from "../../../../../lib/ares";

export const { GET, POST } = connection;
