import { connection } from "./ares";

export const loader = ({ request }: { request: Request }) => connection.handler(request);
export const action = loader;
