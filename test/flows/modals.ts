import { onTestFinished } from "vitest";

/** Makes dialogs behave as in browsers for one test. An open dialog can't be opened again, and one that stays open blocks the page. */
export function modals(): ReadonlySet<HTMLDialogElement> {
  const open = new Set<HTMLDialogElement>();
  const methods = {
    showModal(this: HTMLDialogElement) {
      if (this.open) throw new DOMException("It is open already.", "InvalidStateError");
      this.open = true;
      open.add(this);
    },
    close(this: HTMLDialogElement) {
      this.open = false;
      open.delete(this);
    },
  };
  const { prototype } = HTMLDialogElement;
  for (const [name, value] of Object.entries(methods)) {
    const own = Object.getOwnPropertyDescriptor(prototype, name);
    Object.defineProperty(prototype, name, { value, configurable: true });
    onTestFinished(
      () =>
        void (own
          ? Object.defineProperty(prototype, name, own)
          : Reflect.deleteProperty(prototype, name)),
    );
  }
  return open;
}
