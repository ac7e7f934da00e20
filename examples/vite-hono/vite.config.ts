import react from "@vitejs/plugin-react";
import { defineConfig } from "vite";

export default defineConfig({
  plugins: [react()],
  build: { outDir: "dist/page" },
  server: { proxy: { "/api": "http://localhost:3000", "/sign-in": "http://localhost:3000" } },
});
