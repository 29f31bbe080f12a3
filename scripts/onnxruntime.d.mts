export function putOnnxRuntime(folder: string): void
