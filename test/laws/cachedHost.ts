import ts from "typescript";

/** One for each set of options, since the options are part of how a file is read. */
const hosts = new Map<string, ts.CompilerHost>();

/**
 * A compiler's view of the disk that reads the declarations of packages once. Every check reads the same million
 * characters, and the declarations do not change while tests run.
 */
export function cachedHost(options: ts.CompilerOptions): ts.CompilerHost {
  const name = JSON.stringify({ ...options, paths: undefined });
  const known = hosts.get(name);
  if (known) return known;

  const host = ts.createCompilerHost(options);
  const read = host.getSourceFile;
  const files = new Map<string, ts.SourceFile | undefined>();
  host.getSourceFile = (file, ...rest) => {
    if (
      !file.includes("/node_modules/") ||
      file.includes("/node_modules/ares-react/") ||
      !file.endsWith("ts")
    )
      return read(file, ...rest);
    const [languageVersion] = rest;
    const key = `${file} ${typeof languageVersion === "object" ? languageVersion.impliedNodeFormat : ""}`;
    if (!files.has(key)) files.set(key, read(file, ...rest));
    return files.get(key);
  };
  hosts.set(name, host);
  return host;
}
