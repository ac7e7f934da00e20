import { connection } from "./ares";

export const { GET, POST } = connection;
