import type { ReactNode } from "react";

export interface ConfirmDialogProps {
  /** The whole question, for those who hear it. */
  title: string;
  /** The same, for those who see it. */
  children: ReactNode;
  confirmLabel: string;
  cancelLabel: string;
  onConfirm: () => void;
  onCancel: () => void;
}

/** Asks before credits are spent. Cancel comes first and has the focus, so that a stray Enter spends nothing. */
export function ConfirmDialog({ title, children, confirmLabel, cancelLabel, onConfirm, onCancel }: ConfirmDialogProps) {
  return (
    <dialog
      ref={show}
      role="alertdialog"
      aria-label={title}
      data-ares-part="dialog"
      onCancel={onCancel}
      onKeyDown={(event) => event.key === "Escape" && onCancel()}
    >
      <p>{children}</p>
      <button type="button" data-ares-part="cancel" onClick={onCancel}>
        {cancelLabel}
      </button>
      <button type="button" data-ares-part="confirm" onClick={once(onConfirm)}>
        {confirmLabel}
      </button>
    </dialog>
  );
}

/** The second click of a double click agrees to nothing: it was meant for what stood there before. */
export function once(act: () => void) {
  return (event: { detail: number }) => {
    if (event.detail < 2) act();
  };
}

function show(dialog: HTMLDialogElement | null): void {
  if (!dialog) return;
  if (dialog.showModal) dialog.showModal();
  else dialog.setAttribute("open", "");
  dialog.querySelector("button")?.focus();
}
