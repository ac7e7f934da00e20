import react from "@vitejs/plugin-react";
import { defineConfig } from "vite";

export default defineConfig({
  plugins: [react()],
  build: { outDir: "dist/page" },
  server: {
    proxy: {
      "/api": { target: "http://localhost:3000" },
      "/sign-in": { target: "http://localhost:3000" },
    },
  },
});
