import { Providers } from "../providers";

export default function Layout({ children }) {
  return <Providers>{children}</Providers>;
}
