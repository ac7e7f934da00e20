/** Headers as Next gives them: sealed, and with a member `headers` of their own. */
class HeadersAdapter extends Headers {
  headers: Record<string, string>;
  constructor(given: Record<string, string>) {
    super();
    this.headers = given;
  }
  override get(name: string) {
    return this.headers[name.toLowerCase()] ?? null;
  }
  override has(name: string) {
    return this.headers[name.toLowerCase()] !== undefined;
  }
  override entries() {
    return new Headers(this.headers).entries();
  }
  override [Symbol.iterator]() {
    return this.entries();
  }
}

export function headersOfNext(given: Record<string, string>): Headers {
  return new Proxy(new HeadersAdapter(given), {
    get(target, name) {
      const member: unknown = Reflect.get(target, name, target);
      return typeof member === "function" ? member.bind(target) : member;
    },
  });
}
