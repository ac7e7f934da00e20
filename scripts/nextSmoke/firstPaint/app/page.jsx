import Link from "next/link";

/** A page in front of all others. Next prefetches their links as soon as the links are seen. */
export default function Page() {
  return (
    <nav>
      {["/first", "/gate/linked", "/mount", "/query", "/hidden"].map((href) => (
        <Link key={href} href={href} prefetch={true}>
          {href}
        </Link>
      ))}
      {[1, 2, 3, 5, 100].map((n) => (
        <Link key={n} href={`/gates/${n}`}>
          {`/gates/${n}`}
        </Link>
      ))}
    </nav>
  );
}
