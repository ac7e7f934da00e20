import Link from "next/link";

export default function Page() {
  return (
    <nav>
      {[1, 2, 3, 5, 100].map((n) => (
        <Link key={n} href={`/gates/${n}`}>
          {`/gates/${n}`}
        </Link>
      ))}
    </nav>
  );
}
