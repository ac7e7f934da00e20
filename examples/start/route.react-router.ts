import { ares } from "./ares";

export const loader = ({ request }: { request: Request }) => ares.handler(request);
export const action = loader;
