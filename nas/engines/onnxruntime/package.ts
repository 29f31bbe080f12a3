import { existsSync, readdirSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { TrellisError } from '../../errors.ts'

const require = createRequire(import.meta.url)

/**
 * The file of ONNX Runtime's shared library, in onnxruntime-node, which `npm run build` puts into dist/ (scripts/onnxruntime.mjs).
 * @throws `unsupported` where the package has none for this computer, or has not been built.
 */
export function libraryPath(): string {
  const { platform, arch } = process
  const package_ = packageFolder()
  const folder = join(package_, 'bin/napi-v6', platform, arch)
  const file =
    existsSync(folder) && readdirSync(folder).find((name) => /^(lib)?onnxruntime\.(so|dll|\d)/.test(name))
  if (file) return join(folder, file)
  throw new TrellisError(
    'unsupported',
    `ONNX Runtime has no library for ${platform} on ${arch} in ${package_}`,
    {
      fix: 'use Linux (x64 or arm64, with glibc), macOS on Apple silicon, or Windows',
    },
  )
}

function packageFolder(): string {
  try {
    return dirname(dirname(require.resolve('#onnxruntime-node')))
  } catch (cause) {
    throw new TrellisError('unsupported', 'ONNX Runtime is missing: dist/onnxruntime-node is not there', {
      fix: 'in a clone, run `npm run build`; a package is installed again',
      cause,
    })
  }
}
