"use client";

export default function Trouble() {
  return <p>Something went wrong</p>;
}
