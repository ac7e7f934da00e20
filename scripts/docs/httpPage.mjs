/**
 * The OpenAPI document as a page.
 *
 * @param {any} document
 */
export function httpPage({ info, paths }) {
  const operations = Object.entries(paths).flatMap(([place, methods]) =>
    Object.entries(methods).map(([method, operation]) => operationOf(method, place, operation)),
  );
  return [
    "# The endpoint over HTTP",
    info.description,
    "The whole contract, with the schema of every body, is an [OpenAPI 3.1 document](../openapi.json).",
    ...operations,
  ]
    .join("\n\n")
    .replaceAll("docs/errors.md", "[docs/errors.md](../docs/errors.md)");
}

/** @param {string} method @param {string} place @param {any} operation */
function operationOf(method, place, { summary, parameters = [], responses }) {
  const asked = parameters.map(
    ({ name, in: where, description }) => `| \`${name}\` | ${where} | ${description} |`,
  );
  const answers = Object.entries(responses).map(
    ([status, { description }]) => `| ${status} | ${description} |`,
  );
  return [
    `## ${method.toUpperCase()} ${place}`,
    "",
    summary,
    "",
    ...(asked.length > 0 ? ["| parameter | in | |", "|---|---|---|", ...asked, ""] : []),
    "| status | |",
    "|---|---|",
    ...answers,
  ].join("\n");
}
