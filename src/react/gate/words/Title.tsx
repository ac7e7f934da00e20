interface TitleProps {
  children: string;
  part: (name: "detail") => object;
}

/**
 * The title of a notice: the first sentence of its text. Its full stop is heard, not seen. What follows is a detail.
 * The text as a whole stays as it is, for screen readers and for pages without the sheet.
 */
export function Title({ children: text, part }: TitleProps) {
  const [, first = text, stop, rest] = /^(.+?)(\.(?=\s|$)|。)\s*(.*)$/.exec(text) ?? [];
  return (
    <>
      {first}
      {stop && <span data-ares-part="heard">{stop}</span>}
      {rest && " "}
      {rest && <span {...part("detail")}>{rest}</span>}
    </>
  );
}
