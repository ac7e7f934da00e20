import { useState } from "react";
import type { ChargeEvidence } from "../../../client";
import type { AresError } from "../../../contract";
import { amountTexts, startOverTexts } from "../../messages/en";
import { useAres } from "../../provider/context";
import { createTexts } from "../../provider/useMessages";
import { amountsOf, unconfirmed } from "../words/gateWords";
import { createWriter } from "../words/writeText";
import { ConfirmDialog } from "./ConfirmDialog";
import { drawButton, type Part, type RenderButton } from "./looks";

interface StartOverDialogProps {
  /** What is known of the charge that is given up. */
  evidence: ChargeEvidence | undefined;
  /** The error that told of the charge, where nothing more is known. */
  error?: AresError | undefined;
  onReset: (() => void) | undefined;
  part: (name: "reset" | "dialog" | "detail" | "cancel") => Part;
  renderButton: RenderButton | undefined;
}

const useTexts = /* @__PURE__ */ createTexts(amountTexts, startOverTexts);

/** The button that gives an unconfirmed charge up, and the dialog that asks first: the user may pay twice. */
export function StartOverDialog(props: StartOverDialogProps) {
  const { evidence, error, onReset, part, renderButton } = props;
  // The question is about one charge.
  const about = evidence ? evidence.sentAt : error;
  const { locale } = useAres();
  const messages = useTexts();
  const [asked, setAsked] = useState<{ about: unknown }>();
  const write = createWriter(messages, locale, evidence ? amountsOf(evidence) : {});
  const hasBalances = evidence !== undefined && unconfirmed(evidence).includes("unknown_more");
  const close = () => setAsked(undefined);
  return (
    <>
      {drawButton(renderButton, {
        ...part("reset"),
        onClick: () => setAsked({ about }),
        children: write("reset"),
      })}
      {asked && asked.about === about && (
        <ConfirmDialog
          renderButton={renderButton}
          // Starting over spends nothing, so its button looks like no payment.
          part={(name) => part(name === "confirm" ? "reset" : name)}
          question={write("reset_question")}
          detail={hasBalances ? write("unknown_more") : ""}
          confirmLabel={write("reset")}
          cancelLabel={write("cancel")}
          onConfirm={() => {
            close();
            onReset?.();
          }}
          onCancel={close}
        />
      )}
    </>
  );
}
