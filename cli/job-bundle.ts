import { fileURLToPath } from 'node:url'

/** The program that jobs run. It lies beside this one when bundled; from the sources, it is the one built last. */
export const jobBundle = fileURLToPath(
  new URL(import.meta.url.endsWith('.ts') ? '../dist/job.js' : './job.js', import.meta.url),
)
