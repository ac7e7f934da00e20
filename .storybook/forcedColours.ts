/**
 * Shows forced colours without the system's setting. The kit's own rules for them apply, and every part has the system's
 * colours. Only the tests and a real system show the real thing.
 */
export function forceColours(on: boolean): void {
  for (const rule of media) rule.media.mediaText = ACTIVE;
  media = [];
  system.remove();
  if (!on) return;
  for (const sheet of document.styleSheets) find(sheet.cssRules);
  for (const rule of media) rule.media.mediaText = "all";
  document.head.append(system);
}

const ACTIVE = "(forced-colors: active)";
let media: CSSMediaRule[] = [];

function find(rules: CSSRuleList): void {
  for (const rule of rules) {
    if (rule instanceof CSSMediaRule && rule.media.mediaText === ACTIVE) media.push(rule);
    if (rule instanceof CSSGroupingRule) find(rule.cssRules);
  }
}

const system = document.createElement("style");
system.textContent = `
  :root, [data-theme] { --page: Canvas; --page-ink: CanvasText; --page-quiet: CanvasText; --page-line: CanvasText }
  .story-canvas * { background-color: Canvas !important; border-color: CanvasText !important; color: CanvasText !important; box-shadow: none !important }
  .story-canvas button { background-color: ButtonFace !important; border-color: ButtonBorder !important; color: ButtonText !important }
  .story-canvas a { color: LinkText !important }
  .story-canvas [aria-disabled="true"] { border-color: GrayText !important; color: GrayText !important }
`;
