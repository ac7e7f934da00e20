"use client";
import Link from "next/link";
import { useRouter } from "next/navigation";

/** Signs in or out as an app's own JavaScript does, and has the route rendered again. */
export function Buttons() {
  const router = useRouter();
  const become = (user) => {
    // biome-ignore lint/suspicious/noDocumentCookie: a test's sign-in.
    document.cookie = `user=${user}; path=/${user ? "" : "; max-age=0"}`;
  };
  const again = {
    refresh: () => router.refresh(),
    replace: () => router.replace(`/session/own?at=${Date.now()}`),
  };
  return (
    <nav>
      {["ann", "bob", ""].flatMap((user) =>
        Object.entries(again).map(([how, render]) => (
          <button
            key={user + how}
            type="button"
            onClick={() => {
              become(user);
              render();
            }}
          >
            {`${user || "nobody"} by ${how}`}
          </button>
        )),
      )}
      <Link href="/session">Home</Link>
      <Link href="/session/own">Own</Link>
      <Link href="/session/login">Login</Link>
    </nav>
  );
}
