"use client";
import { useState } from "react";
import { pay } from "../guide";

/** The guide's button, on a page without the provider. */
export default function Page() {
  const [answers, setAnswers] = useState([]);
  const press = async () => {
    const answer = await pay();
    const { message } = await answer.json();
    setAnswers((before) => [...before, `${answer.status} ${message}`]);
  };
  return (
    <main>
      <button type="button" onClick={press}>
        Test
      </button>
      <ol>
        {answers.map((answer, n) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: answers are only added
          <li key={n}>{answer}</li>
        ))}
      </ol>
    </main>
  );
}
