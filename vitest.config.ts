import { defineConfig } from 'vitest/config'
import { HANG_MS } from './test/hang.ts'

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    globalSetup: ['test/onnxruntime.ts'],
    setupFiles: ['test/setup.ts'],
    // A test waits for several things, each of which says more about its own hanging.
    testTimeout: 2 * HANG_MS,
    hookTimeout: 2 * HANG_MS,
    // The machines that run these tests have two cores.
    maxWorkers: 2,
  },
})
