import { ares } from "../lib/ares.server";
import type { Route } from "./+types/ares";

export const loader = ({ request }: Route.LoaderArgs) => ares.handler(request);
export const action = ({ request }: Route.ActionArgs) => ares.handler(request);
