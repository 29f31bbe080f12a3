/** Bundles each program of the Lambda functions into a folder of its own under `outdir`; returns the names of the programs. */
export function bundleFunctions(outdir: string): Promise<readonly string[]>
