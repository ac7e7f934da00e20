const escapes = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&#39;" };

/** A text of somebody's as a part of a page. */
const safe = (text) => String(text).replaceAll(/[&<>"']/g, (sign) => escapes[sign]);

/** A text that may be written from right to left keeps to itself. */
const shown = (text) => `<bdi>${safe(text)}</bdi>`;

const timeOf = (ms) =>
  ms === null ? "–" : new Date(ms).toISOString().replace("T", " ").slice(0, 19);
const creditsOf = (hundredths) => `${hundredths / 100} credits`;

export const STYLE = `
  :root { color-scheme: light dark; font: 16px/1.5 system-ui, sans-serif; }
  body { max-width: 60rem; margin: 2rem auto; padding: 0 1rem; }
  header { display: flex; gap: 1rem; align-items: baseline; justify-content: space-between; }
  .wide { overflow-x: auto; }
  table { border-collapse: collapse; width: 100%; }
  th, td { text-align: start; padding: 0.4rem 0.8rem 0.4rem 0; border-bottom: 1px solid #8886; vertical-align: top; overflow-wrap: anywhere; }
  th { font-weight: 600; }
  form.verdict { display: grid; gap: 0.8rem; max-width: 40rem; }
  input[type="text"], input[type="password"], textarea { font: inherit; width: 100%; box-sizing: border-box; padding: 0.4rem; }
  button { font: inherit; padding: 0.4rem 1rem; }
  [role="alert"], [role="status"] { border-inline-start: 4px solid; padding-inline-start: 0.8rem; }
`;

/** A whole page. `operator` is undefined for somebody who is signed out. */
export function page({ title, operator, message, body }) {
  const signedIn = operator
    ? `<form method="post" action="/sign-out"><span>${safe(operator)}</span> <button>Sign out</button></form>`
    : "";
  return `<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>${safe(title)}</title><style>${STYLE}</style></head>
<body>
<header><h1>${safe(title)}</h1>${signedIn}</header>
<main>
${message ? `<p role="status">${safe(message)}</p>` : ""}
${body}
</main>
</body>
</html>`;
}

export function signInForm(failed) {
  return `${failed ? '<p role="alert">This name and password don’t belong together, or were tried too often. Wait a minute.</p>' : ""}
<form method="post" action="/sign-in" class="verdict">
  <label>Name <input type="text" name="name" autocomplete="username" required></label>
  <label>Password <input type="password" name="password" autocomplete="current-password" required></label>
  <div><button>Sign in</button></div>
</form>`;
}

/** The unconfirmed charges, oldest last, as the book lists them. */
export function listOf(rows, isWhole) {
  if (rows.length === 0) return "<p>No charge is unconfirmed.</p>";
  const lines = rows.map(
    (row) => `<tr>
  <td>${timeOf(row.createdAt)}</td>
  <td>${shown(row.userId)}</td>
  <td>${shown(row.resource === null ? row.usage : `${row.usage}, ${row.resource}`)}</td>
  <td>${creditsOf(row.hundredths)}</td>
  <td><a href="/charges/${row.id}">Look and decide</a></td>
</tr>`,
  );
  const more = isWhole ? "" : "<p>There are more. Those above come first.</p>";
  return `<div class="wide"><table>
<thead><tr><th>Created (UTC)</th><th>User</th><th>For</th><th>Price</th><th></th></tr></thead>
<tbody>${lines.join("\n")}</tbody>
</table></div>${more}`;
}

/** What the book holds of a charge, and the form that ends an unconfirmed one. */
export function chargeOf(row) {
  const { outcome } = row;
  const facts = [
    ["Charge", row.id],
    ["Status", row.status],
    ["User", row.userId],
    ["For", row.resource === null ? row.usage : `${row.usage}, ${row.resource}`],
    ["Price", creditsOf(row.hundredths)],
    ["Key", row.key],
    ["Created (UTC)", timeOf(row.createdAt)],
    ["Settled (UTC)", timeOf(row.settledAt)],
    ["Refused with", outcome.code],
    ["ARES’s status", outcome.aresStatus],
    [
      "Balance before",
      outcome.balanceBefore === undefined ? undefined : creditsOf(outcome.balanceBefore),
    ],
    ["Used by", row.redeemedBy.join(", ") || undefined],
    ["Note", outcome.note],
  ];
  const lines = facts
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) => `<tr><th scope="row">${name}</th><td>${shown(value)}</td></tr>`);
  return `<div class="wide"><table><tbody>${lines.join("\n")}</tbody></table></div>
${row.status === "unknown" ? verdictForm(row) : ""}
<p><a href="/">All unconfirmed charges</a></p>`;
}

function verdictForm({ id, hundredths, userId, usage }) {
  const charge = `${creditsOf(hundredths)} of user ${shown(userId)} for ${shown(usage)}`;
  return `<h2>Decide</h2>
<p>Look this charge up in ARES’s own books first, by user, usage and time. Nothing is sent to ARES, and no credits move.</p>
<form method="post" action="/charges/${id}" class="verdict">
  <label><input type="radio" name="to" value="charged" required> It stands in ARES’s books: ${charge} count as paid, and the user gets what they paid for.</label>
  <label><input type="radio" name="to" value="not_charged"> It does not: ${charge} count as not charged. The user may press again, and pays then. If ARES has taken them after all, they stay taken.</label>
  <label>Note <textarea name="note" rows="2" maxlength="500" required></textarea></label>
  <div><button>Store this verdict</button></div>
</form>`;
}
