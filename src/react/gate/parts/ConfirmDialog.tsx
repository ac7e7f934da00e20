import { type ReactNode, useEffect, useRef } from "react";
import { drawButton, type Part, type RenderButton } from "./looks";

export interface ConfirmDialogProps {
  question: string;
  /** The balance now and afterwards, where it is known. */
  detail: string;
  confirmLabel: ReactNode;
  cancelLabel: string;
  /** Undefined while there is a reason not to spend. */
  onConfirm: (() => void) | undefined;
  onCancel: () => void;
  part: (name: "dialog" | "detail" | "cancel" | "confirm") => Part;
  renderButton: RenderButton | undefined;
}

/** Asks before credits are spent. Cancel comes first and has the focus, so that a stray Enter spends nothing. */
export function ConfirmDialog(props: ConfirmDialogProps) {
  const { question, detail, confirmLabel, cancelLabel, onConfirm, onCancel, part, renderButton } =
    props;
  const dialog = useRef<HTMLDialogElement>(null);
  // A removed or hidden dialog is closed: an open modal would block the page.
  useEffect(() => (dialog.current ? show(dialog.current) : undefined), []);
  return (
    <dialog
      ref={dialog}
      role="alertdialog"
      dir="auto"
      aria-label={`${question} ${detail}`}
      {...part("dialog")}
      onCancel={onCancel}
      onKeyDown={(event) => event.key === "Escape" && onCancel()}
    >
      <p>
        {question} {detail && <span {...part("detail")}>{detail}</span>}
      </p>
      {drawButton(renderButton, { ...part("cancel"), onClick: onCancel, children: cancelLabel })}
      {drawButton(renderButton, {
        ...part("confirm"),
        onClick: onConfirm,
        children: confirmLabel,
      })}
    </dialog>
  );
}

function show(dialog: HTMLDialogElement): () => void {
  const opener = document.activeElement;
  const canBeModal = dialog.showModal !== undefined;
  if (canBeModal) dialog.showModal();
  else dialog.open = true;
  dialog.querySelector("button")?.focus();
  return () => {
    if (canBeModal) dialog.close();
    else dialog.open = false;
    if (opener instanceof HTMLElement) opener.focus();
  };
}
