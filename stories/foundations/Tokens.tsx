import { contrast, readTokens } from "../../scripts/colours/tokens.mjs";
import css from "../../src/styles.css?raw";

const { colours, sizes, others } = readTokens(css);

const uses: Readonly<Record<string, string>> = {
  "--ares-teal": "the accent of a page that names none",
  "--ares-accent":
    "the one accent: Bootstrap's, Tailwind's or shadcn's primary where the page has one; the text on it is black or white, the legible one",
  "--ares-ink": "text",
  "--ares-quiet": "text that may wait",
  "--ares-surface": "the ground of cards",
  "--ares-surface-raised": "the ground of the question before a charge",
  "--ares-line": "borders of cards and quiet buttons",
  "--ares-caution": "signs of news that needs a look",
  "--ares-danger": "the way that may cost twice",
  "--ares-success": "the tick after a charge",
  "--ares-tint": "the ground of a notice",
  "--ares-skeleton": "the shape of what is still being read",
  "--ares-focus": "the ring around what has the focus",
  "--ares-shadow": "under the question before a charge",
  "--ares-button-radius": "corners of buttons",
  "--ares-control": "the least height of a button",
  "--ares-measure": "the most width of a gate and a notice",
  "--ares-title": "the size of titles",
  "--ares-font": "the face of the kit's text",
  "--ares-coin": "the mark before an amount, as a mask",
  "--ares-space": "the unit of every distance",
  "--ares-radius": "corners",
  "--ares-text": "the size of text",
  "--ares-duration": "how long a change takes; 0s for none",
};

/** Every token of the stylesheet, read from the stylesheet itself. */
export function TokenTable() {
  return (
    <table className="tokens">
      <thead>
        <tr>
          <th scope="col">Token</th>
          <th scope="col">For</th>
          <th scope="col">Light</th>
          <th scope="col">Dark</th>
        </tr>
      </thead>
      <tbody>
        {Object.entries(colours).map(([name, [light, dark]]) => (
          <Row key={name} name={name}>
            <Swatch colour={light} />
            <Swatch colour={dark} />
          </Row>
        ))}
        {Object.entries({ ...sizes, ...others }).map(([name, value]) => (
          <Row key={name} name={name}>
            <td colSpan={2}>
              <code>{value.startsWith("url(") ? "an SVG" : value}</code>
            </td>
          </Row>
        ))}
      </tbody>
    </table>
  );
}

function Row({ name, children }: { name: string; children: React.ReactNode }) {
  return (
    <tr>
      <th scope="row">
        <code>{name}</code>
      </th>
      <td>{uses[name]}</td>
      {children}
    </tr>
  );
}

function Swatch({ colour }: { colour: string }) {
  return (
    <td>
      <span className="swatch" style={{ background: colour }} /> <code>{colour}</code>
    </td>
  );
}

const pair = (name: string): [string, string] => colours[name] ?? ["#000000", "#ffffff"];
const legible = (ground: string) =>
  contrast("#000000", ground) > contrast("#ffffff", ground) ? "#000000" : "#ffffff";
const surface = pair("--ares-surface");
const accent = pair("--ares-accent");

/** The pairs of colours that meet in the kit, and the least contrast that each must have. */
const pairs: readonly {
  name: string;
  least: number;
  text: [string, string];
  ground: [string, string];
}[] = [
  { name: "text on a card", least: 4.5, text: pair("--ares-ink"), ground: surface },
  { name: "quiet text on a card", least: 4.5, text: pair("--ares-quiet"), ground: surface },
  {
    name: "text on the accent",
    least: 4.5,
    text: [legible(accent[0]), legible(accent[1])],
    ground: accent,
  },
  { name: "a sign of caution on a card", least: 3, text: pair("--ares-caution"), ground: surface },
  { name: "the accent on a card: focus rings, coins", least: 3, text: accent, ground: surface },
];

/** The contrast of each pair, computed from the tokens. */
export function ContrastTable() {
  return (
    <table className="tokens">
      <thead>
        <tr>
          <th scope="col">Pair</th>
          <th scope="col">At least</th>
          <th scope="col">Light</th>
          <th scope="col">Dark</th>
        </tr>
      </thead>
      <tbody>
        {pairs.map(({ name, least, text, ground }) => (
          <tr key={name}>
            <th scope="row">{name}</th>
            <td>{least}</td>
            <Measured text={text[0]} ground={ground[0]} least={least} />
            <Measured text={text[1]} ground={ground[1]} least={least} />
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function Measured({ text, ground, least }: { text: string; ground: string; least: number }) {
  const ratio = contrast(text, ground);
  return (
    <td data-holds={ratio >= least}>
      <span className="swatch" aria-hidden="true" style={{ background: ground, color: text }}>
        Aa
      </span>{" "}
      {ratio.toFixed(1)}
    </td>
  );
}
