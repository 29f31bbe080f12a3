import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { bundle, keepOnly } from './bundle.mjs'

const root = dirname(dirname(fileURLToPath(import.meta.url)))

/** The programs in functions/aws: that of all functions, whose environment says which of them it is, and those that watch queues. */
const PROGRAMS = ['close-queues', 'handler', 'queue-depth']

/** What opens datasets, and decodes images for that: a task loads it when it is asked to, and functions open no dataset. */
const OPENERS = ['../data/open*', '../data/detection/open*']

/** zod speaks 60 languages, which would be half of each program; its messages here are the English ones. */
const englishOnly = {
  name: 'english-only',
  setup: ({ onResolve }) =>
    onResolve({ filter: /^\.\.\/locales\/index\.js$/ }, ({ resolveDir }) =>
      resolveDir.includes('/zod/') ? { path: join(resolveDir, '../locales/en.js') } : undefined,
    ),
}

/** Functions make no schema of a JSON schema, which takes 4 % of what they load. */
const withoutJsonSchemaReader = {
  name: 'without-json-schema-reader',
  setup: ({ onLoad }) =>
    onLoad({ filter: /[\\/]zod[\\/]v4[\\/]classic[\\/]from-json-schema\.js$/ }, () => ({
      contents: 'export const fromJSONSchema = undefined',
    })),
}

/**
 * Bundles each program of the Lambda functions into a folder of its own under `outdir`, the handler in its index.mjs. The clients
 * of the AWS SDK are those of the Lambda runtime, which promises no other part of it (lib-storage). Returns the names of the programs.
 */
export async function bundleFunctions(outdir) {
  await Promise.all(
    PROGRAMS.map((name) =>
      bundle({
        entryPoints: { index: join(root, 'functions/aws', `${name}.ts`) },
        outdir: join(outdir, name),
        outExtension: { '.js': '.mjs' },
        bundle: true,
        splitting: true,
        minify: true,
        // Error names are part of the contract with Step Functions.
        keepNames: true,
        legalComments: 'none',
        charset: 'utf8',
        platform: 'node',
        target: 'node22',
        format: 'esm',
        external: ['@aws-sdk/client-*', ...OPENERS],
        // Some packages are CommonJS and ask for modules of Node by require.
        banner: {
          js: 'import{createRequire}from"node:module";const require=createRequire(import.meta.url);',
        },
        plugins: [englishOnly, withoutJsonSchemaReader],
        logLevel: 'warning',
      }),
    ),
  )
  keepOnly(outdir, PROGRAMS, 'isDirectory')
  return PROGRAMS
}
