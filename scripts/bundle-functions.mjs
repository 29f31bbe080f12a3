import { readdirSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { bundle, keepOnly } from './bundle.mjs'

const root = dirname(dirname(fileURLToPath(import.meta.url)))
const entries = join(root, 'functions/aws/entries')

/** zod speaks 60 languages, which would be half of each function; its messages here are the English ones. */
const englishOnly = {
  name: 'english-only',
  setup: ({ onResolve }) =>
    onResolve({ filter: /^\.\.\/locales\/index\.js$/ }, ({ resolveDir }) =>
      resolveDir.includes('/zod/') ? { path: join(resolveDir, '../locales/en.js') } : undefined,
    ),
}

/**
 * Bundles each Lambda function into a folder of its own under `outdir`, the handler in its index.mjs. The clients of
 * the AWS SDK are those of the Lambda runtime, which promises no other part of it (lib-storage). Returns the names of the functions.
 */
export async function bundleFunctions(outdir) {
  const names = readdirSync(entries).map((file) => basename(file, '.ts'))
  await Promise.all(
    names.map((name) =>
      bundle({
        entryPoints: { index: join(entries, `${name}.ts`) },
        outdir: join(outdir, name),
        outExtension: { '.js': '.mjs' },
        bundle: true,
        splitting: true,
        minify: true,
        // Error names are part of the contract with Step Functions.
        keepNames: true,
        platform: 'node',
        target: 'node22',
        format: 'esm',
        external: ['@aws-sdk/client-*'],
        // Some packages are CommonJS and ask for modules of Node by require.
        banner: {
          js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);",
        },
        plugins: [englishOnly],
        logLevel: 'warning',
      }),
    ),
  )
  keepOnly(outdir, names, 'isDirectory')
  return names
}
