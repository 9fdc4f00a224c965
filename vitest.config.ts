// Tests run the sources directly: the `lumen-src` condition resolves workspace packages to `src/`.
import { defineConfig } from "vitest/config";

export default defineConfig({
  resolve: { conditions: ["lumen-src"] },
  ssr: { resolve: { conditions: ["lumen-src"] } },
  test: {
    include: ["packages/*/src/**/*.test.ts", "tests/**/*.test.ts", "tools/**/*.test.ts"],
    testTimeout: 120_000,
    pool: "threads",
  },
});
