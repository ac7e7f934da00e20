import type { ReactNode } from "react";
import { drawButton, once, type RenderButton } from "./drawButton";

export interface ConfirmDialogProps {
  /** The whole question, for those who hear it. */
  title: string;
  /** The same, for those who see it. */
  children: ReactNode;
  confirmLabel: string;
  cancelLabel: string;
  /** Missing while there is a reason not to spend. */
  onConfirm: (() => void) | undefined;
  onCancel: () => void;
  part: (name: "dialog" | "cancel" | "confirm") => { "data-ares-part": string; className: string | undefined };
  renderButton: RenderButton | undefined;
}

/** Asks before credits are spent. Cancel comes first and has the focus, so that a stray Enter spends nothing. */
export function ConfirmDialog(props: ConfirmDialogProps) {
  const { title, children, confirmLabel, cancelLabel, onConfirm, onCancel, part, renderButton } = props;
  return (
    <dialog
      ref={show}
      role="alertdialog"
      aria-label={title}
      {...part("dialog")}
      onCancel={onCancel}
      onKeyDown={(event) => event.key === "Escape" && onCancel()}
    >
      <p>{children}</p>
      {drawButton(renderButton, { ...part("cancel"), "aria-disabled": false, onClick: onCancel, children: cancelLabel })}
      {drawButton(renderButton, {
        ...part("confirm"),
        "aria-disabled": !onConfirm,
        onClick: onConfirm && once(onConfirm),
        children: confirmLabel,
      })}
    </dialog>
  );
}

function show(dialog: HTMLDialogElement | null): void {
  if (!dialog || dialog.open) return;
  if (dialog.showModal) dialog.showModal();
  else dialog.setAttribute("open", "");
  dialog.querySelector("button")?.focus();
}
