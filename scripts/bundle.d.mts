import type { BuildOptions } from 'esbuild'

export function bundle(options: BuildOptions & { readonly outdir: string }): Promise<void>
export function keepOnly(folder: string, names: readonly string[], kind: 'isFile' | 'isDirectory'): void
