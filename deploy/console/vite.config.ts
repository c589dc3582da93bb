import { defineConfig } from "vite";
import react from "@vitejs/plugin-react";

// The policy under which the console is served takes no inline script, so Vite writes none; and nothing is inlined that
// a browser could keep on its own.
export default defineConfig({
  base: "/console/",
  plugins: [react()],
  build: {
    target: "es2022",
    manifest: true,
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    reportCompressedSize: false,
  },
});
