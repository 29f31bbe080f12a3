/** Bundles each Lambda function into a folder of its own under `outdir`; returns the names of the functions. */
export function bundleFunctions(outdir: string): Promise<readonly string[]>
