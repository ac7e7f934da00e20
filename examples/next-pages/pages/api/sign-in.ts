import type { NextApiRequest, NextApiResponse } from "next";
import { cookieOf } from "@/lib/session";

export default function signIn(request: NextApiRequest, response: NextApiResponse) {
  response
    .setHeader("Set-Cookie", cookieOf(String(request.body.user)))
    .status(204)
    .end();
}
