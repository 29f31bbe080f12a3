// The package carries ONNX Runtime instead of depending on it. On Linux, the install script of onnxruntime-node fetches CUDA
// from NuGet, and fails where only npm's registry is reached. What could forbid it, overrides, allowScripts and a setting in
// .npmrc, holds for a clone alone: who installs the package gets the script.
import { execSync } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const PACKAGE = fileURLToPath(new URL('onnxruntime/', import.meta.url))

/** Puts onnxruntime-node, in the version that scripts/onnxruntime/ locks and as npm has it, into a folder that lacks it. */
export function putOnnxRuntime(folder) {
  const { dependencies } = readJson(join(PACKAGE, 'package.json'))
  const there = join(folder, 'package.json')
  if (existsSync(there) && readJson(there).version === dependencies['onnxruntime-node']) return
  // npm hands its own options down to scripts: `npm pack --dry-run` builds, too, and `npm install --global .`.
  execSync('npm ci --ignore-scripts --no-global --no-dry-run --no-audit --no-fund --loglevel=error', {
    cwd: PACKAGE,
    stdio: ['ignore', 'ignore', 'inherit'],
  })
  rmSync(folder, { recursive: true, force: true })
  mkdirSync(dirname(folder), { recursive: true })
  renameSync(join(PACKAGE, 'node_modules/onnxruntime-node'), folder)
  rmSync(join(PACKAGE, 'node_modules'), { recursive: true })
}

const readJson = (file) => JSON.parse(readFileSync(file, 'utf8'))
