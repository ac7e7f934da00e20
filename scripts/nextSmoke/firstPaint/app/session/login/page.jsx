import { cookies } from "next/headers";
import { redirect } from "next/navigation";

async function signIn(form) {
  "use server";
  const all = await cookies();
  const user = String(form.get("user"));
  if (user) all.set("user", user);
  else all.delete("user");
  redirect("/session");
}

/** A login form that redirects. */
export default function Page() {
  return (
    <form action={signIn}>
      <h1>Login</h1>
      {["ann", "bob", ""].map((user) => (
        <button key={user} type="submit" name="user" value={user}>
          {`Sign in as ${user || "nobody"}`}
        </button>
      ))}
    </form>
  );
}
