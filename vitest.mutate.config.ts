import { defineConfig } from 'vitest/config'

// The tests that mutants of nas/runs, nas/store and functions are run against: see stryker.config.json.
export default defineConfig({
  test: {
    include: ['test/nas/runs/**/*.test.ts', 'test/nas/store/**/*.test.ts', 'test/functions/**/*.test.ts'],
    exclude: ['test/nas/store/s3.test.ts', 'test/functions/aws/**'],
    setupFiles: ['test/setup.ts'],
    testTimeout: 60_000,
  },
})
