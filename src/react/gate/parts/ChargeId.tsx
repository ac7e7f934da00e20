import { Fragment, useId, useRef, useState } from "react";
import { referenceTexts } from "../../messages/en";
import { createTexts } from "../../provider/useMessages";
import { drawButton, type Part, type RenderButton } from "./looks";

interface ChargeIdProps {
  id: string;
  part: (name: "copy" | "detail") => Part;
  renderButton: RenderButton | undefined;
}

const useTexts = /* @__PURE__ */ createTexts(referenceTexts);

/** The id of a charge in the app's ledger, which a user's letter to the app needs, and the button that copies it. */
export function ChargeId({ id, part, renderButton }: ChargeIdProps) {
  const messages = useTexts();
  const name = useId();
  const reference = useRef<HTMLSpanElement>(null);
  const [copied, setCopied] = useState({ id: "", times: 0 });
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(id);
      setCopied(({ times }) => ({ id, times: times + 1 }));
    } catch {
      // Plain http has no clipboard, and users may refuse one. The text is then selected for the keys that copy.
      if (reference.current) getSelection()?.selectAllChildren(reference.current);
    }
  };
  return (
    <>
      <span ref={reference} id={name} data-ares-part="reference">
        {id}
      </span>{" "}
      {drawButton(renderButton, {
        ...part("copy"),
        "aria-describedby": name,
        onClick: copy,
        children: messages.receipt_copy,
      })}{" "}
      <span role="status" {...part("detail")}>
        {copied.id === id && <Fragment key={copied.times}>{messages.receipt_copied}</Fragment>}
      </span>
    </>
  );
}
