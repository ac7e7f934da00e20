/** Tells everybody, on the page itself, that no real credits move: in development, and on a preview deployment too. */
export function showPretend(): void {
  if (typeof document === "undefined" || document.getElementById(id)) return;
  const banner = document.createElement("aside");
  banner.id = id;
  banner.textContent = "Pretend ARES: no real credits move.";
  Object.assign(banner.style, {
    position: "fixed",
    insetBlockEnd: "0",
    insetInlineEnd: "0",
    zIndex: "9999",
    padding: "0.25em 0.75em",
    font: "12px/1.5 system-ui, sans-serif",
    color: "CanvasText",
    background: "Canvas",
    border: "1px dashed",
    pointerEvents: "none",
  });
  document.body.append(banner);
}

const id = "ares-pretend";
