import { defineConfig } from 'vitest/config'
import { HANG_MS } from './test/hang.ts'

/** Files that leave nothing behind share a process and its modules, as loading these takes longer than most tests. */
const SHARED = [
  'test/nas/!(store)/**/*.test.ts',
  'test/report/**/*.test.ts',
  'test/{functions,infra,pipelines}/**/*.test.ts',
  'test/cli/{aws,pipelines}/**/*.test.ts',
]

/** Minutes each, from a few lines: vitest, which begins with projects by name and then with the largest file, would end with them, one core idle. */
const LONG = ['test/local/simulator/mutants/*.test.ts']

export default defineConfig({
  test: {
    globalSetup: ['test/onnxruntime.ts'],
    setupFiles: ['test/setup.ts'],
    // A test waits for several things, each of which says more about its own hanging.
    testTimeout: 2 * HANG_MS,
    hookTimeout: 2 * HANG_MS,
    // The machines that run these tests have two cores.
    maxWorkers: 2,
    projects: [
      { extends: true, test: { name: 'long', include: LONG } },
      { extends: true, test: { name: 'shared', include: SHARED, isolate: false } },
      {
        extends: true,
        test: { name: 'whole', include: ['test/**/*.test.ts'], exclude: [...SHARED, ...LONG] },
      },
    ],
  },
})
